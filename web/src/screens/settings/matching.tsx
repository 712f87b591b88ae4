import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { CheckField, TextField } from "#ui/fields.tsx";
import { decimalText, readAmount } from "#ui/format.ts";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, matchingQuery, type Matching as Saved } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const LEAST = 9_000;
const MOST = 9_999;

/** "99,5" as basis points; undefined when it is no share with two digits. */
const readShare = (text: string): number | undefined => {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : undefined;
};
const shareText = (bp: number): string => String(bp / 100);

/** When receipts are applied without a person, and what is let go of. */
export function Matching() {
  const query = useQuery(matchingQuery());
  return (
    <Loaded query={query} rows={3} columns={2}>
      {(data) => <Form key={data.version} saved={data} />}
    </Loaded>
  );
}

function Form({ saved }: { saved: Saved }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [posts, setPosts] = useState(saved.postsAutomatically);
  const [returns, setReturns] = useState(saved.postsReturns);
  const [threshold, setThreshold] = useState(shareText(saved.thresholdBp));
  const [tolerance, setTolerance] = useState(decimalText({ minor: saved.toleranceMinor, currency: "EUR" }));
  const [discounts, setDiscounts] = useState(saved.discountRatesBp.map(shareText).join(" ; "));
  const thresholdBp = readShare(threshold);
  const isThreshold = thresholdBp !== undefined && thresholdBp >= LEAST && thresholdBp <= MOST;
  const toleranceMinor = readAmount(tolerance, "EUR");
  const isTolerance = toleranceMinor !== undefined && !toleranceMinor.startsWith("-");
  const rates = discounts
    .split(/[;\s]+/)
    .filter((one) => one !== "")
    .map(readShare);
  const areRates = rates.length <= 12 && rates.every((one) => one !== undefined && one > 0 && one <= 2_000);
  const mayWrite = may("settings.write");
  const isWhole = isThreshold && isTolerance && areRates;
  const { version, ...before } = saved;
  const save = () =>
    void act(
      () =>
        actions.saveMatching(version, {
          postsAutomatically: posts,
          postsReturns: returns,
          thresholdBp: thresholdBp ?? saved.thresholdBp,
          toleranceMinor: toleranceMinor ?? saved.toleranceMinor,
          discountRatesBp: rates.flatMap((one) => one ?? []),
        }),
      {
        done: t("ui.saved"),
        undo: () => actions.saveMatching(version + 1, before),
        refresh: [["cash", "settings"]],
      },
    );
  return (
    <Sheet title={t("settings.matching")}>
      <form
        className="pad stack gap-16"
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) save();
        }}
      >
        <p className="t2">{t("matchingSettings.lead")}</p>
        <Refusal>{problem}</Refusal>
        <CheckField checked={posts} onChange={setPosts} disabled={!mayWrite}>
          {t("matchingSettings.posts")}
        </CheckField>
        <TextField
          label={t("matchingSettings.threshold")}
          hint={t("matchingSettings.thresholdHint")}
          value={threshold}
          onChange={setThreshold}
          inputMode="decimal"
          disabled={!mayWrite || !posts}
          error={isThreshold ? undefined : t("matchingSettings.thresholdWrong")}
        />
        <CheckField checked={returns} onChange={setReturns} disabled={!mayWrite || !posts}>
          {t("matchingSettings.returns")}
        </CheckField>
        <TextField
          label={t("matchingSettings.tolerance")}
          hint={t("matchingSettings.toleranceHint")}
          value={tolerance}
          onChange={setTolerance}
          inputMode="decimal"
          disabled={!mayWrite}
          error={isTolerance ? undefined : t("matching.amountWrong")}
        />
        <TextField
          label={t("matchingSettings.discounts")}
          hint={t("matchingSettings.discountsHint")}
          value={discounts}
          onChange={setDiscounts}
          disabled={!mayWrite}
          error={areRates ? undefined : t("matchingSettings.discountsWrong")}
        />
        {mayWrite ? (
          <div>
            <Button type="submit" tone="primary" waiting={waiting} disabled={!isWhole}>
              {t("ui.save")}
            </Button>
          </div>
        ) : null}
      </form>
    </Sheet>
  );
}
