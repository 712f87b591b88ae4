import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Company } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { api } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { sessionKey, useWorkplace } from "../../session.tsx";
import type { StepProps } from "./detected.tsx";

/** Whose books these are: a company that exists, or a new one. Asked only while it is open. */
export function CompanyChoice(props: Omit<StepProps, "one">) {
  const { draft, onChange, writes } = props;
  const { t } = useT();
  const { session, may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [making, setMaking] = useState(session.companies.length === 0);
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [currency, setCurrency] = useState(draft.currency ?? "EUR");
  const make = () =>
    void act(() => api.post<Company>("/companies", { code: code.trim(), name: name.trim(), bookCurrency: currency }), {
      done: t("imports.companyMade", { name }),
      refresh: [sessionKey, ["companies"]],
      next: (company) => {
        onChange({ ...draft, companyId: company.id });
        setMaking(false);
      },
    });
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("imports.whose")}</h2>
      </div>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        <Refusal>{problem}</Refusal>
        {making ? (
          <>
            <div className="fields fields-3">
              <TextField label={t("field.name")} value={name} onChange={setName} />
              <TextField label={t("field.code")} value={code} onChange={setCode} />
              <TextField
                label={t("field.currency")}
                value={currency}
                onChange={(value) => setCurrency(value.toUpperCase())}
              />
            </div>
            <div className="row">
              <Button
                tone="primary"
                size="small"
                waiting={waiting}
                disabled={!name.trim() || !code.trim()}
                onClick={make}
              >
                {t("imports.makeCompany")}
              </Button>
              {session.companies.length > 0 ? (
                <Button tone="quiet" size="small" onClick={() => setMaking(false)}>
                  {t("ui.cancel")}
                </Button>
              ) : null}
            </div>
          </>
        ) : (
          <div className="row row-wrap">
            <div style={{ minWidth: 260 }}>
              <Choice
                label={t("field.company")}
                hideLabel
                disabled={!writes}
                value={draft.companyId ?? ""}
                placeholder={t("filter.choose")}
                options={session.companies.map((one) => ({
                  value: one.id,
                  label: `${one.name} · ${one.bookCurrency}`,
                }))}
                onChange={(companyId) => onChange({ ...draft, companyId })}
              />
            </div>
            {writes && may("companies.write") ? (
              <Button tone="quiet" size="small" icon={IconPlus} onClick={() => setMaking(true)}>
                {t("imports.otherCompany")}
              </Button>
            ) : null}
          </div>
        )}
      </div>
    </section>
  );
}
