import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LedgerProof } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import { useFormats } from "#ui/locale.tsx";
import { ledgerProofQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { useWorkplace } from "../../session.tsx";
import { Differences } from "./differences.tsx";

/** The proof line: the balance, the ledger, and the gap to the cent, per company; a click lists differences. */
export function BalanceProof(props: { asOf: string; layers: "ledger" | "working"; knownThen: boolean }) {
  const { t } = useT();
  const formats = useFormats();
  const { company } = useWorkplace();
  const [open, setOpen] = useState(false);
  const proof = useQuery(ledgerProofQuery(props.asOf)).data;
  if (!proof) return null;
  const shown = proof.companies.filter((one) => !company || one.companyId === company.id);
  const ties = shown.length > 0 && shown.every((one) => one.isTied);
  const unknown = shown.every((one) => one.sourceDifference === null);
  const currencies = [...new Set(shown.map((one) => one.currency))];
  const sum = (currency: string, pick: (one: LedgerProof["companies"][number]) => string) =>
    String(shown.filter((one) => one.currency === currency).reduce((total, one) => total + BigInt(pick(one)), 0n));
  const last = shown
    .map((one) => one.lastLoadedAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1);
  const Glyph = ties ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={ties ? "balance-proof" : "balance-proof balance-proof-gap"}>
      <Glyph className="icon" stroke={1.75} aria-hidden="true" />
      <div className="grow">
        <b>{t(ties ? (unknown ? "proof.tiesItself" : "proof.ties") : "proof.gap")}</b>
        <p className="small t2">
          {last
            ? t("proof.loaded", { day: formats.day(formats.dayOf(last)), time: formats.time(last) })
            : t("proof.neverLoaded")}
          {props.layers === "working" ? ` ${t("proof.workingNote")}` : ""}
        </p>
      </div>
      {currencies.map((currency) => (
        <div className="equation" key={currency}>
          <dl>
            <dt>{t("proof.openItems")}</dt>
            <dd>
              <Amount value={{ minor: sum(currency, (one) => one.open), currency }} />
            </dd>
          </dl>
          <span>−</span>
          <dl>
            <dt>{t("proof.ledger")}</dt>
            <dd>
              <Amount value={{ minor: sum(currency, (one) => one.movements), currency }} />
            </dd>
          </dl>
          <span>=</span>
          <dl>
            <dt>{t("proof.difference")}</dt>
            <dd>
              <Amount
                value={{
                  minor: sum(currency, (one) =>
                    String(BigInt(one.ownDifference) + BigInt(one.sourceDifference ?? "0")),
                  ),
                  currency,
                }}
              />
            </dd>
          </dl>
        </div>
      ))}
      <button type="button" className="link-button nowrap" onClick={() => setOpen(true)}>
        {t("proof.perAccount")}
      </button>
      {open ? (
        <Panel title={t("proof.title")} onClose={() => setOpen(false)} wide>
          <ProofDetail companies={shown} />
        </Panel>
      ) : null}
    </div>
  );
}

/** Per company: movements, open items, what the source states, and each account that differs. */
export function ProofDetail({ companies }: { companies: LedgerProof["companies"] }) {
  const { t } = useT();
  return (
    <div className="stack gap-20">
      {companies.map((one) => {
        const money = (minor: string) => ({ minor, currency: one.currency });
        return (
          <section key={one.companyId}>
            <h3>{one.companyName}</h3>
            <dl className="pairs">
              <dt>{t("proof.openItems")}</dt>
              <dd>
                <Amount value={money(one.open)} />
              </dd>
              <dt>{t("proof.ledger")}</dt>
              <dd>
                <Amount value={money(one.movements)} />
              </dd>
              <dt>{t("proof.ownDifference")}</dt>
              <dd>
                <Amount value={money(one.ownDifference)} />
              </dd>
              <dt>{t("proof.sourceDifference")}</dt>
              <dd>
                {one.sourceDifference === null ? (
                  <span className="t3">{t("proof.noSource")}</span>
                ) : (
                  <Amount value={money(one.sourceDifference)} />
                )}
              </dd>
            </dl>
            <Differences companyId={one.companyId} />
          </section>
        );
      })}
    </div>
  );
}
