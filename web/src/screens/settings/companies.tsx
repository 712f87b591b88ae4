import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type { Company, CompanyList, CompanyWrite } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { Choice, TextArea, TextField } from "#ui/fields.tsx";
import { grouped } from "#ui/format.ts";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { api } from "../../api/client.ts";
import { type Organisation, type OrganisationRead, actions as platform, readQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { sessionKey, useWorkplace } from "../../session.tsx";

const BLANK: CompanyWrite = {
  code: "",
  name: "",
  bookCurrency: "EUR",
  country: "FR",
  zone: "Europe/Paris",
  siren: null,
  vatNumber: null,
  email: null,
  phone: null,
  address: null,
  iban: null,
  defaultTermDays: 30,
};

/** The selling companies of the organisation. */
export function Companies() {
  const { t } = useT();
  const { may } = useWorkplace();
  const [editing, setEditing] = useState<Company | "new" | undefined>();
  const query = useQuery({
    queryKey: ["companies"],
    queryFn: ({ signal }) => api.get<z.infer<typeof CompanyList>>("/companies", undefined, signal),
  });
  const writes = may("companies.write");
  return (
    <>
      <OrganisationSheet />
      <Sheet
        title={t("settings.companies")}
        actions={
          writes ? (
            <Button size="small" icon={IconPlus} onClick={() => setEditing("new")}>
              {t("ui.add")}
            </Button>
          ) : null
        }
      >
        <Loaded query={query} columns={4}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyState title={t("companies.none")}>{t("companies.noneText")}</EmptyState>
            ) : (
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t("field.company")}</th>
                    <th scope="col">{t("field.code")}</th>
                    <th scope="col">{t("field.currency")}</th>
                    <th scope="col" className="only-wide">
                      SIREN
                    </th>
                    <th scope="col" className="right">
                      {t("companies.terms")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((company) => (
                    <tr key={company.id}>
                      <td>
                        <button type="button" className="link-button link-quiet" onClick={() => setEditing(company)}>
                          {company.name}
                        </button>
                      </td>
                      <td>{company.code}</td>
                      <td>{company.bookCurrency}</td>
                      <td className="only-wide">{company.siren ? grouped(company.siren, 3) : ""}</td>
                      <td className="right">{t("ui.lateDays", { days: company.defaultTermDays })}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
      {editing ? (
        <Panel title={editing === "new" ? t("companies.new") : editing.name} onClose={() => setEditing(undefined)}>
          <CompanyForm company={editing === "new" ? undefined : editing} onDone={() => setEditing(undefined)} />
        </Panel>
      ) : null}
    </>
  );
}

function OrganisationSheet() {
  const { may } = useWorkplace();
  const query = useQuery({
    ...readQuery<OrganisationRead>("organisation", "/organisation"),
    enabled: may("settings.read"),
  });
  if (!may("settings.read")) return null;
  return (
    <Loaded query={query} rows={2} columns={2}>
      {(organisation) => <OrganisationForm key={organisation.version} organisation={organisation} />}
    </Loaded>
  );
}

function OrganisationForm({ organisation }: { organisation: OrganisationRead }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<Organisation>(() => {
    const { version: _version, ...write } = organisation;
    return write;
  });
  const save = () =>
    void act(() => platform.saveOrganisation(organisation.version, draft), {
      done: t("ui.saved"),
      refresh: [["organisation"], sessionKey],
    });
  return (
    <Sheet title={t("settings.organisation")}>
      <form
        className="pad stack gap-16"
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Refusal>{problem}</Refusal>
        <fieldset className="fields fields-2" disabled={!may("settings.write")}>
          <TextField label={t("field.name")} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
          <Choice
            label={t("user.language")}
            value={draft.language}
            options={[
              { value: "fr", label: t("language.fr") },
              { value: "en", label: t("language.en") },
            ]}
            onChange={(language) => setDraft({ ...draft, language })}
          />
          <TextField label={t("settings.zone")} value={draft.zone} onChange={(zone) => setDraft({ ...draft, zone })} />
          <TextField
            label={t("settings.reportingCurrency")}
            value={draft.reportingCurrency}
            onChange={(value) => setDraft({ ...draft, reportingCurrency: value.toUpperCase() })}
          />
        </fieldset>
        {may("settings.write") ? (
          <div>
            <Button type="submit" waiting={waiting}>
              {t("ui.save")}
            </Button>
          </div>
        ) : null}
      </form>
    </Sheet>
  );
}

function CompanyForm({ company, onDone }: { company: Company | undefined; onDone: () => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<CompanyWrite>(() => {
    if (!company) return BLANK;
    const { id: _id, version: _version, ...write } = company;
    return write;
  });
  const set = (patch: Partial<CompanyWrite>) => setDraft({ ...draft, ...patch });
  const text = (value: string) => (value.trim() === "" ? null : value);
  const save = () =>
    void act(
      () =>
        company
          ? api.put(`/companies/${company.id}`, draft, { ifMatch: company.version })
          : api.post("/companies", draft),
      { done: t("ui.saved"), refresh: [["companies"], sessionKey], next: onDone },
    );
  return (
    <form
      className="stack gap-16"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Refusal>{problem}</Refusal>
      <TextField label={t("field.name")} value={draft.name} onChange={(name) => set({ name })} required />
      <div className="fields fields-2">
        <TextField label={t("field.code")} value={draft.code} onChange={(code) => set({ code })} required />
        <TextField
          label={t("field.currency")}
          value={draft.bookCurrency}
          onChange={(value) => set({ bookCurrency: value.toUpperCase() })}
          required
        />
        <TextField
          label={t("field.country")}
          value={draft.country}
          onChange={(value) => set({ country: value.toUpperCase() })}
        />
        <TextField
          label={t("companies.terms")}
          type="number"
          value={String(draft.defaultTermDays)}
          onChange={(value) => set({ defaultTermDays: Number(value) || 0 })}
        />
        <TextField label="SIREN" value={draft.siren ?? ""} onChange={(value) => set({ siren: text(value) })} />
        <TextField
          label={t("field.vat")}
          value={draft.vatNumber ?? ""}
          onChange={(value) => set({ vatNumber: text(value) })}
        />
        <TextField
          label={t("signIn.email")}
          value={draft.email ?? ""}
          onChange={(value) => set({ email: text(value) })}
        />
        <TextField
          label={t("field.phone")}
          value={draft.phone ?? ""}
          onChange={(value) => set({ phone: text(value) })}
        />
      </div>
      <TextField label="IBAN" value={draft.iban ?? ""} onChange={(value) => set({ iban: text(value) })} />
      <TextArea
        label={t("field.address")}
        value={draft.address ?? ""}
        onChange={(value) => set({ address: text(value) })}
      />
      {may("companies.write") ? (
        <div>
          <Button type="submit" tone="primary" waiting={waiting}>
            {t("ui.save")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
