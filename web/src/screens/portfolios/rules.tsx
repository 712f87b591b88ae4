import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PortfolioPreview, PortfolioRule } from "#contracts/portfolios.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet } from "#ui/surfaces.tsx";
import { actions, PORTFOLIO_KEYS, rulesQuery } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { ColleagueChoice } from "../../parts/colleague-choice.tsx";
import { type Clause, clausesOf, expressionOf } from "../../parts/criteria/codec.ts";
import { useCriteria } from "../../parts/criteria/criteria.ts";
import { FilterBar } from "../../parts/criteria/filter-bar.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { Preview } from "./preview.tsx";

type Draft = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly clauses: readonly Clause[];
};

const draftOf = (rule: PortfolioRule): Draft => ({
  id: crypto.randomUUID(),
  name: rule.name,
  ownerId: rule.ownerId,
  clauses: clausesOf(JSON.parse(rule.filter)) ?? [],
});

const ruleOf = ({ name, ownerId, clauses }: Draft): PortfolioRule => ({
  name: name.trim(),
  ownerId,
  filter: JSON.stringify(expressionOf(clauses) ?? { all: [] }),
});

/** The rules that give customers to users; seen in effect before they are saved. */
export function Rules() {
  const query = useQuery(rulesQuery);
  return (
    <Loaded query={query} rows={3} columns={2}>
      {(data) => <RuleEditor key={data.version} version={data.version} rules={data.rules} />}
    </Loaded>
  );
}

function RuleEditor(props: { version: number; rules: readonly PortfolioRule[] }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => props.rules.map(draftOf));
  const [preview, setPreview] = useState<PortfolioPreview | undefined>();
  const writes = may("portfolios.write");
  const change = (next: readonly Draft[]) => {
    setDrafts(next);
    setPreview(undefined);
  };
  const patch = (id: string, part: Partial<Draft>) =>
    change(drafts.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const rules = drafts.map(ruleOf);
  const isComplete = rules.every((rule) => rule.name !== "" && rule.ownerId !== "");
  const isChanged = JSON.stringify(rules) !== JSON.stringify(props.rules);
  const look = () => void act(() => actions.preview(rules), { next: setPreview });
  const save = () =>
    void act(() => actions.saveRules(props.version, rules), {
      done: ({ moved }) => t("portfolio.rulesSaved", { count: moved }),
      refresh: [["portfolioRules"], ...PORTFOLIO_KEYS],
    });
  return (
    <Sheet
      title={t("portfolio.rules")}
      actions={
        writes ? (
          <Button
            size="small"
            icon={IconPlus}
            onClick={() => change([...drafts, { id: crypto.randomUUID(), name: "", ownerId: "", clauses: [] }])}
          >
            {t("portfolio.addRule")}
          </Button>
        ) : null
      }
    >
      <div className="pad stack gap-16" style={{ paddingTop: 0 }}>
        <p className="t2">{t("portfolio.rulesLead")}</p>
        <Refusal>{problem}</Refusal>
        {drafts.length === 0 ? <p className="t2">{t("portfolio.noRules")}</p> : null}
        <ol className="plain-list stack gap-16">
          {drafts.map((draft, index) => (
            <RuleCard
              key={draft.id}
              draft={draft}
              index={index}
              last={drafts.length - 1}
              writes={writes}
              given={preview?.perRule[index]}
              onChange={(part) => patch(draft.id, part)}
              onMove={(by) => change(moved(drafts, index, by))}
              onRemove={() => change(drafts.filter((one) => one.id !== draft.id))}
            />
          ))}
        </ol>
        {preview ? <Preview preview={preview} /> : null}
        {writes && (isChanged || drafts.length > 0) ? (
          <div className="row row-wrap">
            <Button waiting={waiting} disabled={!isComplete} onClick={look}>
              {t("portfolio.preview")}
            </Button>
            <Button tone="primary" waiting={waiting} disabled={!isComplete || !preview} onClick={save}>
              {t("portfolio.saveRules")}
            </Button>
            {preview ? null : <span className="small t3">{t("portfolio.previewFirst")}</span>}
          </div>
        ) : null}
      </div>
    </Sheet>
  );
}

function moved(drafts: readonly Draft[], index: number, by: number): Draft[] {
  const next = [...drafts];
  const [one] = next.splice(index, 1);
  if (one) next.splice(index + by, 0, one);
  return next;
}

function RuleCard(props: {
  draft: Draft;
  index: number;
  last: number;
  writes: boolean;
  given: number | undefined;
  onChange: (part: Partial<Draft>) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  // owners must not rest on owners
  const criteria = useCriteria("customer").filter((one) => one.key !== "customer.owner");
  const { draft, index, writes } = props;
  const name = draft.name || t("portfolio.ruleNo", { no: index + 1 });
  return (
    <li>
      <fieldset className="stack gap-12" disabled={!writes}>
        <legend className="visually-hidden">{name}</legend>
        <div className="row row-wrap" style={{ alignItems: "flex-end" }}>
          <TextField
            label={t("portfolio.ruleName")}
            small
            value={draft.name}
            onChange={(value) => props.onChange({ name: value })}
          />
          <ColleagueChoice
            label={t("portfolio.givesTo")}
            small
            value={draft.ownerId}
            onChange={(ownerId) => props.onChange({ ownerId })}
          />
          {props.given === undefined ? null : (
            <span className="t2">{t("balance.count.customer", { count: props.given })}</span>
          )}
          <span className="grow" />
          {writes ? (
            <span className="row gap-4">
              <Button
                size="small"
                tone="quiet"
                icon={IconArrowUp}
                aria-label={t("list.columnUp", { name })}
                disabled={index === 0}
                onClick={() => props.onMove(-1)}
              />
              <Button
                size="small"
                tone="quiet"
                icon={IconArrowDown}
                aria-label={t("list.columnDown", { name })}
                disabled={index === props.last}
                onClick={() => props.onMove(1)}
              />
              <Button
                size="small"
                tone="quiet"
                icon={IconTrash}
                aria-label={t("filter.removeNamed", { name })}
                onClick={props.onRemove}
              />
            </span>
          ) : null}
        </div>
        <FilterBar
          criteria={criteria}
          clauses={draft.clauses}
          hotkey={false}
          onChange={(clauses) => props.onChange({ clauses })}
        />
        {draft.clauses.length === 0 ? (
          <Note tone="info">{t("portfolio.everybody", { number: formats.number(index + 1) })}</Note>
        ) : null}
      </fieldset>
    </li>
  );
}
