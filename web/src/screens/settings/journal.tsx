import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet, Strip } from "#ui/surfaces.tsx";
import { actions, type JournalState, type JournalVerdict, readQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";

/** The sealed journal: how much it holds, since when it is sealed, and whether it is whole. */
export function Journal() {
  const { t } = useT();
  const formats = useFormats();
  const { act, waiting, problem } = useAct();
  const [verdict, setVerdict] = useState<JournalVerdict | undefined>();
  const query = useQuery(readQuery<JournalState>("journal", "/journal"));
  return (
    <Loaded query={query} rows={2} columns={3}>
      {(journal) => (
        <>
          <Strip
            figures={[
              { key: "events", label: t("journal.events"), value: formats.number(journal.events) },
              {
                key: "blocks",
                label: t("journal.blocks"),
                value: formats.number(journal.blocks),
                below: journal.lastSealedAt
                  ? t("journal.sealed", {
                      day: formats.day(formats.dayOf(journal.lastSealedAt)),
                      time: formats.time(journal.lastSealedAt),
                    })
                  : t("journal.notSealed"),
              },
              {
                key: "waiting",
                label: t("journal.waiting"),
                value: formats.number(journal.waiting),
                below: t("journal.waitingHint"),
              },
            ]}
          />
          <Sheet
            title={t("journal.verify")}
            actions={
              <Button
                size="small"
                icon={IconShieldCheck}
                waiting={waiting}
                onClick={() => void act(actions.verifyJournal, { next: setVerdict, refresh: [["journal"]] })}
              >
                {t("journal.verifyNow")}
              </Button>
            }
          >
            <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
              <p className="t2">{t("journal.lead")}</p>
              <Refusal>{problem}</Refusal>
              {verdict ? (
                <Note tone={verdict.isWhole ? "success" : "danger"} role="status">
                  {verdict.isWhole
                    ? t("journal.whole")
                    : t("journal.broken", { kind: verdict.fault?.kind ?? "", at: verdict.fault?.at ?? "" })}
                </Note>
              ) : null}
              {journal.headHash ? (
                <p className="small t3" style={{ overflowWrap: "anywhere" }}>
                  {t("journal.head")} {journal.headHash}
                </p>
              ) : null}
            </div>
          </Sheet>
        </>
      )}
    </Loaded>
  );
}
