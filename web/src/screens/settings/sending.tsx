import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { CheckField, TextField } from "#ui/fields.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, readQuery, type SendingSettings } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const MOST_HOURS = 744;

/** How the day's run leaves: with or without a look first, and from how old a ledger. */
export function Sending() {
  const query = useQuery(readQuery<SendingSettings>("sending", "/settings/sending"));
  return (
    <Loaded query={query} rows={2} columns={2}>
      {(data) => <Form key={data.version} saved={data} />}
    </Loaded>
  );
}

function Form({ saved }: { saved: SendingSettings }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [isAutomatic, setAutomatic] = useState(saved.approveAutomatic);
  const [hours, setHours] = useState(String(saved.freshHours));
  const freshHours =
    /^\d{1,3}$/.test(hours) && Number(hours) >= 1 && Number(hours) <= MOST_HOURS ? Number(hours) : undefined;
  const mayWrite = may("settings.write");
  const save = () =>
    freshHours !== undefined &&
    void act(() => actions.saveSending(saved.version, { approveAutomatic: isAutomatic, freshHours }), {
      done: t("ui.saved"),
      undo: () =>
        actions.saveSending(saved.version + 1, {
          approveAutomatic: saved.approveAutomatic,
          freshHours: saved.freshHours,
        }),
      refresh: [["sending"]],
    });
  return (
    <Sheet title={t("settings.sending")}>
      <form
        className="pad stack gap-16"
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className="t2">{t("sending.lead")}</p>
        <Refusal>{problem}</Refusal>
        <CheckField checked={isAutomatic} onChange={setAutomatic} disabled={!mayWrite}>
          {t("sending.automatic")}
        </CheckField>
        <TextField
          label={t("sending.freshHours")}
          hint={t("sending.freshHint")}
          value={hours}
          onChange={setHours}
          inputMode="numeric"
          disabled={!mayWrite}
          error={freshHours === undefined ? t("sending.wrong") : undefined}
        />
        {mayWrite ? (
          <div>
            <Button type="submit" tone="primary" waiting={waiting} disabled={freshHours === undefined}>
              {t("ui.save")}
            </Button>
          </div>
        ) : null}
      </form>
    </Sheet>
  );
}
