import { useState } from "react";
import type { SourceCalendar } from "#contracts/sources.ts";
import { CheckField, Choice, TextField } from "#ui/fields.tsx";
import { useT } from "../../i18n/index.ts";
import { readTime, timeText } from "./run-parts.tsx";

const EVERY = [15, 30, 60, 120, 240, 480] as const;

/** When a source runs by itself: never, at times of the day, or every so often. */
export function CalendarFields(props: { calendar: SourceCalendar; onChange: (calendar: SourceCalendar) => void }) {
  const { calendar, onChange } = props;
  const { t } = useT();
  const [typed, setTyped] = useState(() => calendar.times.map(timeText).join(", "));
  const times = typed.split(/[,;]/).filter((one) => one.trim() !== "");
  const isWrong = calendar.mode === "times" && (times.length === 0 || times.some((one) => readTime(one) === undefined));
  const setTimes = (text: string) => {
    setTyped(text);
    const read = text.split(/[,;]/).flatMap((one) => readTime(one) ?? []);
    onChange({ ...calendar, times: [...new Set(read)].sort((a, b) => a - b).slice(0, 24) });
  };
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("sources.calendar")}</h2>
        <p>{t("sources.calendarHint")}</p>
      </div>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        <div className="fields fields-2">
          <Choice
            label={t("sources.calendar.mode")}
            value={calendar.mode}
            options={(["none", "times", "every"] as const).map((mode) => ({
              value: mode,
              label: t(`sources.calendar.mode.${mode}`),
            }))}
            onChange={(mode) => onChange({ ...calendar, mode })}
          />
          {calendar.mode === "times" ? (
            <TextField
              label={t("sources.calendar.times")}
              value={typed}
              onChange={setTimes}
              hint={t("sources.calendar.timesHint")}
              error={isWrong ? t("sources.calendar.timesWrong") : undefined}
            />
          ) : calendar.mode === "every" ? (
            <Choice
              label={t("sources.calendar.interval")}
              value={String(calendar.everyMinutes)}
              options={[...new Set<number>([...EVERY, calendar.everyMinutes])].map((minutes) => ({
                value: String(minutes),
                label: t("sources.calendar.everyMinutes", { count: minutes }),
              }))}
              onChange={(minutes) => onChange({ ...calendar, everyMinutes: Number(minutes) })}
            />
          ) : null}
        </div>
        {calendar.mode === "none" ? null : (
          <CheckField
            checked={calendar.isBusinessDaysOnly}
            onChange={(isBusinessDaysOnly) => onChange({ ...calendar, isBusinessDaysOnly })}
          >
            {t("sources.calendar.businessOnly")}
          </CheckField>
        )}
      </div>
    </section>
  );
}
