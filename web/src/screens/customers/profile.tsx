import { IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { CustomerProfile, CustomFieldValue, Relation, RelationKind } from "#contracts/customer-profile.ts";
import type { Customer } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, DayField, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, profileQuery } from "../../api/profile.ts";
import { useT } from "../../i18n/index.ts";
import { CustomerPicker } from "../../parts/customer-picker.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const RELATIONS = ["parent", "buying_group", "payer"] as const satisfies readonly RelationKind[];

/** What the house adds to what the books say: group, payer, free fields, customers merged into this one. */
export function Profile({ customer }: { customer: Customer }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const profile = useQuery(profileQuery(customer.id)).data;
  const [open, setOpen] = useState<"fields" | "relation" | undefined>();
  if (!profile) return null;
  const writes = may("customers.write");
  const close = () => setOpen(undefined);
  return (
    <>
      <Sheet
        title={t("profile.group")}
        actions={
          writes ? (
            <Button size="small" tone="quiet" icon={IconPlus} onClick={() => setOpen("relation")}>
              {t("ui.add")}
            </Button>
          ) : null
        }
      >
        <Group customer={customer} profile={profile} writes={writes} />
      </Sheet>
      {profile.fields.length > 0 ? (
        <Sheet
          title={t("profile.fields")}
          actions={
            writes ? (
              <Button size="small" tone="quiet" icon={IconPencil} onClick={() => setOpen("fields")}>
                {t("ui.edit")}
              </Button>
            ) : null
          }
        >
          <Fields profile={profile} />
        </Sheet>
      ) : null}
      {open === "fields" ? <FieldsPanel profile={profile} onClose={close} /> : null}
      {open === "relation" ? <RelationPanel customer={customer} onClose={close} /> : null}
    </>
  );
}

function Group(props: { customer: Customer; profile: CustomerProfile; writes: boolean }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const { customer, profile } = props;
  const refresh = [["customers"], ["items"]];
  const end = (relation: Relation) =>
    void act(() => actions.unrelate(relation.id), {
      done: t("profile.relationEnded"),
      undo: () => actions.relate(customer.id, { kind: relation.kind, otherId: relation.other.id }),
      refresh,
    });
  const nothing = profile.relations.length === 0 && profile.members.length === 0 && profile.merged.length === 0;
  return (
    <div className="pad stack">
      <Refusal>{problem}</Refusal>
      {nothing ? <span className="t2">{t("profile.alone")}</span> : null}
      {profile.relations.map((relation) => (
        <div className="between" key={relation.id}>
          <span>
            <span className="t2">{t(`relation.${relation.kind}`)}</span>{" "}
            <Link to="/customers/$customerId" params={{ customerId: relation.other.id }}>
              {relation.other.name}
            </Link>
          </span>
          {props.writes ? (
            <button
              type="button"
              className="chip-cross"
              aria-label={t("profile.endRelation", { name: relation.other.name })}
              onClick={() => end(relation)}
            >
              <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
            </button>
          ) : null}
        </div>
      ))}
      {profile.members.slice(0, 10).map((relation) => (
        <div key={relation.id}>
          <span className="t2">{t(`member.${relation.kind}`)}</span>{" "}
          <Link to="/customers/$customerId" params={{ customerId: relation.other.id }}>
            {relation.other.name}
          </Link>
        </div>
      ))}
      {profile.members.length > 10 ? (
        <span className="small t3">{t("profile.moreMembers", { count: profile.members.length - 10 })}</span>
      ) : null}
      {(["parent", "buying_group", "payer"] as const)
        .filter((kind) => [...profile.relations, ...profile.members].some((one) => one.kind === kind))
        .map((kind) => (
          <Link
            key={kind}
            to="/customers/$customerId/group"
            params={{ customerId: customer.id }}
            search={kind === "parent" ? {} : { kind }}
          >
            {t(`group.open.${kind}`)}
          </Link>
        ))}
      {profile.merged.map((one) => (
        <div className="between" key={one.mergeId}>
          <span>
            <span className="t2">{t("profile.merged")}</span> {one.customer.name}{" "}
            <span className="small t3">
              {one.customer.number} · {one.authorName}, {formats.day(one.mergedOn)}
            </span>
          </span>
          {may("customers.merge") ? (
            <Button
              size="small"
              tone="quiet"
              onClick={() => void act(() => actions.undoMerge(one.mergeId), { done: t("profile.unmerged"), refresh })}
            >
              {t("profile.unmerge")}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  );
}

type Field = CustomerProfile["fields"][number];

function Fields({ profile }: { profile: CustomerProfile }) {
  const { t, language } = useT();
  const formats = useFormats();
  const text = (field: Field) => {
    const { value } = field;
    if (value === null) return "–";
    if (field.type === "boolean") return t(value === true ? "ui.yes" : "ui.no");
    if (field.type === "day") return formats.day(String(value));
    if (field.type === "integer") return formats.number(Number(value));
    return field.choices?.find((choice) => choice.value === value)?.[language] ?? String(value);
  };
  return (
    <dl className="facts pad" style={{ paddingTop: 0 }}>
      {profile.fields.map((field) => (
        <div key={field.key} style={{ display: "contents" }}>
          <dt title={field.sourceField ? t("profile.fromSource", { name: field.sourceField }) : undefined}>
            {field.label[language]}
          </dt>
          <dd>{text(field)}</dd>
        </div>
      ))}
    </dl>
  );
}

function FieldsPanel({ profile, onClose }: { profile: CustomerProfile; onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [values, setValues] = useState<Record<string, CustomFieldValue>>({});
  const set = (key: string, value: CustomFieldValue) => setValues({ ...values, [key]: value });
  return (
    <Panel title={t("profile.fields")} onClose={onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => actions.changeFields(profile.customerId, values), {
            done: t("ui.saved"),
            refresh: [["customers"]],
            next: onClose,
          });
        }}
      >
        <Refusal>{problem}</Refusal>
        {profile.fields.map((field) => (
          <FieldInput
            key={field.key}
            field={field}
            value={field.key in values ? (values[field.key] ?? null) : field.value}
            onChange={(value) => set(field.key, value)}
          />
        ))}
        <div>
          <Button type="submit" tone="primary" waiting={waiting} disabled={Object.keys(values).length === 0}>
            {t("ui.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function FieldInput(props: { field: Field; value: CustomFieldValue; onChange: (value: CustomFieldValue) => void }) {
  const { t, language } = useT();
  const { field, value, onChange } = props;
  const label = field.label[language];
  const [typed, setTyped] = useState(value === null ? "" : String(value));
  if (field.type === "boolean")
    return (
      <CheckField checked={value === true} onChange={onChange}>
        {label}
      </CheckField>
    );
  if (field.type === "day")
    return (
      <DayField
        label={label}
        optional
        value={typeof value === "string" ? value : ""}
        onChange={(day) => onChange(day || null)}
      />
    );
  if (field.type === "choice")
    return (
      <Choice
        label={label}
        value={typeof value === "string" ? value : ""}
        options={[
          { value: "", label: t("list.without") },
          ...(field.choices ?? []).map((choice) => ({ value: choice.value, label: choice[language] })),
        ]}
        onChange={(next) => onChange(next || null)}
      />
    );
  if (field.type === "integer")
    return (
      <TextField
        label={label}
        inputMode="numeric"
        value={typed}
        error={typed.trim() !== "" && !/^-?\d{1,15}$/.test(typed.trim()) ? t("profile.wholeNumber") : undefined}
        onChange={(text) => {
          setTyped(text);
          if (text.trim() === "") onChange(null);
          else if (/^-?\d{1,15}$/.test(text.trim())) onChange(Number(text));
        }}
      />
    );
  return (
    <TextField
      label={label}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        onChange(text.trim() === "" ? null : text.trim());
      }}
    />
  );
}

function RelationPanel({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useT();
  const { act, problem } = useAct();
  const [kind, setKind] = useState<RelationKind>("parent");
  return (
    <Panel title={t("profile.group")} onClose={onClose}>
      <div className="stack gap-16">
        <Refusal>{problem}</Refusal>
        <Choice
          label={t("profile.relation")}
          value={kind}
          options={RELATIONS.map((value) => ({ value, label: t(`relation.${value}`) }))}
          onChange={setKind}
        />
        <CustomerPicker
          label={t(`relationOther.${kind}`)}
          exceptId={customer.id}
          onChoose={(other) =>
            void act(() => actions.relate(customer.id, { kind, otherId: other.id }), {
              done: t("profile.related", { name: other.name }),
              undo: ({ id }) => actions.unrelate(id),
              refresh: [["customers"]],
              next: onClose,
            })
          }
        />
      </div>
    </Panel>
  );
}
