import {
  type Icon,
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconEye,
  IconGripVertical,
  IconHandStop,
  IconMail,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import type { TemplateRow } from "#contracts/correspondence.ts";
import type { CriterionInfo } from "#contracts/criteria.ts";
import type { Condition, ScenarioStep } from "#contracts/dunning.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { labelOf, useT } from "../../i18n/index.ts";
import { type Clause, clausesOf } from "../../parts/criteria/codec.ts";
import { ClauseWords, FilterBar } from "../../parts/criteria/filter-bar.tsx";

const MODES: Readonly<Record<ScenarioStep["mode"], readonly [Tone, Icon]>> = {
  auto: ["neutral", IconPlayerPlay],
  confirm: ["info", IconEye],
  manual: ["neutral", IconHandStop],
};
const ROLES = ["accounting", "buyer", "manager", "legal", "sales", "other"] as const;

type StepProps = {
  step: ScenarioStep;
  index: number;
  count: number;
  /** The due date stands before this step ("before"), or opens the line ("only"). */
  duePlace: "before" | "only" | undefined;
  open: boolean;
  writes: boolean;
  templates: readonly TemplateRow[];
  criteria: readonly CriterionInfo[];
  onToggle: () => void;
  onChange: (step: ScenarioStep) => void;
  onMove: (by: -1 | 1) => void;
  onDuplicate: () => void;
  onRemove: () => void;
};

/** One step on the margin line. Alt + arrows move it, as do its buttons. */
export function StepCard(props: StepProps) {
  const { step, index, open, writes } = props;
  const { t, language } = useT();
  const [tone, icon] = MODES[step.mode];
  const template = props.templates.find((one) => one.key === step.templateKey);
  const clauses = clausesOf(step.condition) ?? [];
  const first = clauses[0];
  const onKey = (event: KeyboardEvent) => {
    if (!writes || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    props.onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  const offset =
    step.track === "thanks"
      ? t("scenario.afterPaid")
      : t("scenario.offset", {
          sign: step.delayDays < 0 ? "−" : "+",
          days: Math.abs(step.delayDays),
        });
  return (
    <>
      {props.duePlace === "before" && index > 0 ? <DueMark /> : null}
      {props.duePlace === "only" ? <DueMark /> : null}
      <li className={open ? "scenario-open" : undefined}>
        <div className="scenario-offset">
          <b>{offset}</b>
        </div>
        <span className="scenario-node">
          <IconMail className="icon" stroke={1.75} aria-hidden="true" />
        </span>
        <article className="scenario-card">
          <div className="row">
            {writes ? (
              <button
                type="button"
                className="scenario-grip"
                aria-label={t("scenario.move", { number: index + 1 })}
                onKeyDown={onKey}
              >
                <IconGripVertical className="icon" stroke={1.75} aria-hidden="true" />
              </button>
            ) : null}
            <button type="button" className="scenario-title grow" aria-expanded={open} onClick={props.onToggle}>
              <b>{labelOf(step.name, language)}</b>
              <span className="t2">
                {t("channel.email")} · {template ? labelOf(template.name, language) : step.templateKey}
              </span>
            </button>
            {first && !open ? (
              <span className="small t3 only-wide">
                <ClauseWords clause={first} criteria={props.criteria} />
              </span>
            ) : null}
            <Badge tone={tone} icon={icon}>
              {t(`stepMode.${step.mode}`)}
            </Badge>
            <Button
              tone="quiet"
              size="small"
              icon={open ? IconChevronUp : IconChevronDown}
              aria-label={t("scenario.openStep", { name: labelOf(step.name, language) })}
              onClick={props.onToggle}
            />
          </div>
          {open ? <StepForm {...props} clauses={clauses} template={template} /> : null}
        </article>
      </li>
    </>
  );
}

function DueMark() {
  const { t } = useT();
  return (
    <li className="scenario-due">
      <div className="scenario-offset">
        <b>{t("scenario.dayZero")}</b>
      </div>
      <span className="scenario-node scenario-node-due" />
      <b>{t("scenario.dueDate")}</b>
    </li>
  );
}

const whole = (text: string) => (/^-?\d{1,4}$/.test(text.trim()) ? Number(text) : undefined);

function StepForm(props: StepProps & { clauses: Clause[]; template: TemplateRow | undefined }) {
  const { step, onChange, writes, clauses, template } = props;
  const { t, language } = useT();
  const setCondition = (next: Clause[]) => {
    const all: Condition[] = next.map((clause) => ({ ...clause }));
    onChange({ ...step, condition: all.length === 0 ? null : { all } });
  };
  return (
    <fieldset className="scenario-form" disabled={!writes}>
      <div className="fields fields-2">
        <TextField
          label={t("scenario.nameFr")}
          value={step.name.fr}
          onChange={(fr) => onChange({ ...step, name: { ...step.name, fr } })}
        />
        <TextField
          label={t("scenario.nameEn")}
          value={step.name.en ?? ""}
          onChange={(en) => onChange({ ...step, name: en ? { ...step.name, en } : { fr: step.name.fr } })}
        />
        <TextField
          label={t(step.track === "thanks" ? "scenario.delayAfterPaid" : "scenario.delay")}
          type="number"
          value={String(step.delayDays)}
          onChange={(text) => onChange({ ...step, delayDays: whole(text) ?? step.delayDays })}
        />
        <Choice
          label={t("scenario.mode")}
          value={step.mode}
          options={(["auto", "confirm", "manual"] as const).map((value) => ({ value, label: t(`stepMode.${value}`) }))}
          onChange={(mode) => onChange({ ...step, mode })}
        />
        <Choice
          label={t("scenario.template")}
          value={step.templateKey}
          options={props.templates.map((one) => ({ value: one.key, label: labelOf(one.name, language) }))}
          onChange={(templateKey) => onChange({ ...step, templateKey })}
          hint={
            template ? (
              <Link to="/templates/$templateId" params={{ templateId: template.templateId }}>
                {t("scenario.preview")}
              </Link>
            ) : undefined
          }
        />
        <Choice
          label={t("scenario.recipient")}
          value={ROLES.find((role) => role === step.recipientRole) ?? "accounting"}
          options={ROLES.map((value) => ({ value, label: t(`contactRole.${value}`) }))}
          onChange={(recipientRole) => onChange({ ...step, recipientRole })}
        />
        {step.track === "reminder" ? (
          <>
            <TextField
              label={t("scenario.level")}
              type="number"
              value={String(step.level)}
              onChange={(text) => onChange({ ...step, level: whole(text) ?? step.level })}
            />
            <TextField
              label={t("scenario.gap")}
              type="number"
              value={step.gapDays === null ? "" : String(step.gapDays)}
              placeholder={t("scenario.gapDefault")}
              onChange={(text) => onChange({ ...step, gapDays: whole(text) ?? null })}
            />
          </>
        ) : null}
      </div>
      <div style={{ marginTop: 12 }}>
        <span className="field-label">{t("scenario.onlyIf")}</span>
        <FilterBar
          criteria={props.criteria}
          clauses={clauses}
          onChange={setCondition}
          hotkey={false}
          addLabel={t("filter.condition")}
        />
      </div>
      <div className="scenario-actions">
        <Button
          size="small"
          tone="quiet"
          icon={IconArrowUp}
          disabled={props.index === 0}
          onClick={() => props.onMove(-1)}
        >
          {t("scenario.up")}
        </Button>
        <Button
          size="small"
          tone="quiet"
          icon={IconArrowDown}
          disabled={props.index === props.count - 1}
          onClick={() => props.onMove(1)}
        >
          {t("scenario.down")}
        </Button>
        <Button size="small" tone="quiet" icon={IconCopy} onClick={props.onDuplicate}>
          {t("scenario.duplicate")}
        </Button>
        <span className="grow" />
        <Button size="small" tone="danger" icon={IconTrash} onClick={props.onRemove}>
          {t("ui.delete")}
        </Button>
      </div>
    </fieldset>
  );
}
