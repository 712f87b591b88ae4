import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { LineTarget, MatchCandidate } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { LateDays } from "#ui/days.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { decimalText, readAmount } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { type LineApply, type LineDetail, targetsQuery } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { useSettled } from "../../parts/use-settled.ts";

type Chosen = { readonly itemId: string; readonly name: string; readonly open: string; readonly text: string };

const ADJUSTMENTS = ["none", "discount", "fee", "difference"] as const;
/** As the reader types it: a comma in French. */
const typed = (amount: { minor: string; currency: string }, language: string): string =>
  language === "fr" ? decimalText(amount).replace(".", ",") : decimalText(amount);
const abs = (minor: string) => minor.replace("-", "");

/** Search, choose, write amounts: what the proposals did not know. Begins with the proposal that was shown. */
export function ByHand(props: {
  line: LineDetail;
  start: MatchCandidate | undefined;
  /** A digit that was typed before the form opened: the first amount begins with it. */
  digit: string | undefined;
  onApply: (body: LineApply) => void;
  onClose: () => void;
  waiting: boolean;
}) {
  const { line } = props;
  const { t, language } = useT();
  const formats = useFormats();
  const currency = line.amount.currency;
  const [words, setWords] = useState("");
  const search = useSettled(words, 200);
  const [chosen, setChosen] = useState<readonly Chosen[]>(() =>
    (props.start?.parts ?? []).map((part, at) => ({
      itemId: part.itemId,
      name: part.documentNo ?? part.customerName ?? "",
      open: part.open?.minor ?? part.amount.minor,
      text: at === 0 && props.digit ? props.digit : typed(part.amount, language),
    })),
  );
  const [accountId, setAccountId] = useState(props.start?.onAccount?.accountId ?? "");
  const [kind, setKind] = useState<(typeof ADJUSTMENTS)[number]>("none");
  const found = useQuery(targetsQuery(line.id, search));
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const first = box.current?.querySelector<HTMLInputElement>(props.digit ? ".by-hand-parts input" : "input");
    first?.focus();
    if (props.digit) first?.setSelectionRange(1, 1);
  }, [props.digit]);

  const amounts = chosen.map((one) => readAmount(one.text, currency));
  const isReadable = amounts.every((minor) => minor !== undefined);
  const applied = amounts.reduce((sum, minor) => sum + BigInt(minor ?? "0"), 0n);
  const left = BigInt(line.amount.minor) - applied;
  const givenUp = kind !== "none" && left < 0n ? -left : 0n;
  const rest = left + givenUp;
  const isWhole = isReadable && rest >= 0n && (chosen.length > 0 || accountId !== "");
  const add = (target: LineTarget) => {
    if (chosen.some((one) => one.itemId === target.itemId)) return;
    const open = BigInt(target.open.minor);
    const take = open > 0n && left > 0n && open > left ? left : open;
    setChosen([
      ...chosen,
      {
        itemId: target.itemId,
        name: target.documentNo ?? target.customerName,
        open: target.open.minor,
        text: typed({ minor: String(take), currency }, language),
      },
    ]);
    if (!accountId) setAccountId(target.accountId);
  };
  const apply = () => {
    if (!isWhole) return;
    props.onApply({
      parts: chosen.map((one, at) => ({ itemId: one.itemId, minor: amounts[at] ?? "0" })),
      ...(givenUp > 0n && kind !== "none" ? { adjustments: [{ kind, minor: String(givenUp) }] } : {}),
      ...(accountId ? { accountId } : {}),
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      props.onClose();
    }
  };
  const accounts = found.data?.accounts ?? [];
  return (
    <fieldset className="by-hand stack gap-12" ref={box} onKeyDown={onKey}>
      <legend className="visually-hidden">{t("matching.byHand")}</legend>
      <TextField
        label={t("matching.search")}
        hint={t("matching.searchHint")}
        type="search"
        value={words}
        onChange={setWords}
      />
      {found.data && search.trim().length >= 2 ? (
        <ul className="lines by-hand-found" aria-label={t("matching.found")}>
          {found.data.rows.map((target) => (
            <li key={target.itemId}>
              <button type="button" className="link-button link-quiet grow" onClick={() => add(target)}>
                {target.documentNo ?? t("field.item")}
                <span className="small t2 block">{target.customerName}</span>
              </button>
              <LateDays dueOn={target.dueOn} />
              <Amount value={target.open} />
            </li>
          ))}
          {found.data.rows.length === 0 ? <li className="t2">{t("matching.nothingFound")}</li> : null}
        </ul>
      ) : null}
      <form
        className="stack gap-12 by-hand-parts"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        {chosen.map((one, at) => (
          <div className="row row-end" key={one.itemId}>
            <div className="grow">
              <TextField
                label={`${one.name} · ${t("matching.open", { amount: formats.amount({ minor: abs(one.open), currency }) })}`}
                value={one.text}
                inputMode="decimal"
                onChange={(text) => setChosen(chosen.map((other) => (other === one ? { ...one, text } : other)))}
                error={amounts[at] === undefined ? t("matching.amountWrong") : undefined}
              />
            </div>
            <Button
              tone="quiet"
              icon={IconX}
              aria-label={t("matching.remove", { name: one.name })}
              onClick={() => setChosen(chosen.filter((other) => other !== one))}
            />
          </div>
        ))}
        {accounts.length > 0 || accountId ? (
          <Choice
            label={t("matching.restTo")}
            value={accountId}
            options={[
              { value: "", label: chosen.length > 0 ? t("matching.restToSame") : t("ui.none") },
              ...accounts.map((one) => ({
                value: one.accountId,
                label: `${one.customerName} · ${one.customerNumber}`,
              })),
              ...(accountId && !accounts.some((one) => one.accountId === accountId)
                ? [{ value: accountId, label: props.start?.onAccount?.customerName ?? t("matching.restToChosen") }]
                : []),
            ]}
            onChange={setAccountId}
          />
        ) : null}
        {left < 0n ? (
          <Choice
            label={t("matching.missing", { amount: formats.amount({ minor: String(-left), currency }) })}
            value={kind}
            options={ADJUSTMENTS.map((value) => ({ value, label: t(`matching.adjustment.${value}`) }))}
            onChange={setKind}
          />
        ) : null}
        <p className={rest < 0n ? "danger" : "t2"} role="status">
          {rest < 0n
            ? t("matching.tooMuch", { amount: formats.amount({ minor: String(-rest), currency }) })
            : rest > 0n
              ? t("matching.restOnAccount", { amount: formats.amount({ minor: String(rest), currency }) })
              : t("matching.addsUp")}
        </p>
        <div className="row">
          <Button type="submit" tone="primary" waiting={props.waiting} disabled={!isWhole}>
            {t("matching.apply")}
          </Button>
          <Button tone="quiet" onClick={props.onClose}>
            {t("ui.cancel")}
          </Button>
        </div>
      </form>
    </fieldset>
  );
}
