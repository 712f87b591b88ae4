import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { type AgeingBuckets, actions, readQuery } from "../../api/platform.ts";
import type { Bucket } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** "30, 60, 90" in ascending order, or undefined. */
export function readLastDays(text: string): number[] | undefined {
  const days = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  const isRight =
    days.length > 0 &&
    days.length <= 10 &&
    days.every(
      (day, index) => Number.isInteger(day) && day > 0 && day <= 3650 && (index === 0 || day > (days[index - 1] ?? 0)),
    );
  return isRight ? days : undefined;
}

const bucketsOf = (lastDays: readonly number[]): Bucket[] => [
  { from: null, to: 0 },
  ...lastDays.map((to, index) => ({ from: (lastDays[index - 1] ?? 0) + 1, to })),
  { from: (lastDays.at(-1) ?? 0) + 1, to: null },
];

/** Where the buckets of every aged balance end. */
export function Ageing() {
  const query = useQuery(readQuery<AgeingBuckets>("ageingBuckets", "/settings/ageing-buckets"));
  return (
    <Loaded query={query} rows={2} columns={2}>
      {(data) => <Form key={data.version} saved={data.lastDays} version={data.version} />}
    </Loaded>
  );
}

function Form({ saved, version }: { saved: readonly number[]; version: number }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [text, setText] = useState(saved.join(", "));
  const days = readLastDays(text);
  const save = () =>
    days &&
    void act(() => actions.saveBuckets(version, days), {
      done: t("ui.saved"),
      undo: () => actions.saveBuckets(version + 1, saved),
      refresh: [["ageingBuckets"], ["items"]],
    });
  return (
    <Sheet title={t("settings.ageing")}>
      <form
        className="pad stack gap-16"
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className="t2">{t("ageing.lead")}</p>
        <Refusal>{problem}</Refusal>
        <TextField
          label={t("ageing.lastDays")}
          value={text}
          onChange={setText}
          disabled={!may("settings.write")}
          error={days ? undefined : t("ageing.wrong")}
        />
        <div className="row row-wrap">
          {bucketsOf(days ?? saved).map((bucket) => (
            <span key={bucketLabel(bucket, t)} className="chip">
              <span className={`swatch age-${bucketShade(bucket)}`} style={{ margin: 0 }} />
              {bucketLabel(bucket, t)}
            </span>
          ))}
        </div>
        {may("settings.write") ? (
          <div>
            <Button type="submit" tone="primary" waiting={waiting} disabled={!days}>
              {t("ui.save")}
            </Button>
          </div>
        ) : null}
      </form>
    </Sheet>
  );
}
