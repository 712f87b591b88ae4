import { IconFlag, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FlagKind } from "#contracts/customer-profile.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { actions, profileQuery } from "../../api/profile.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const TONES = {
  watch: "warning",
  risk: "danger",
  insolvent: "danger",
  dispute_prone: "warning",
  key_account: "brand",
  other: "neutral",
} as const;

/** Why this customer stands out, beside its name; each flag says its reason, who set it and since when. */
export function Flags({ customerId }: { customerId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const [adding, setAdding] = useState(false);
  const flags = useQuery(profileQuery(customerId)).data?.flags ?? [];
  const refresh = [["customers"]];
  return (
    <>
      {flags.map((flag) => (
        <span className="row gap-4" key={flag.id}>
          <Badge
            tone={TONES[flag.flag]}
            icon={IconFlag}
            title={`${flag.reason} · ${flag.authorName}, ${formats.day(flag.validFrom)}`}
          >
            {t(`flag.${flag.flag}`)}
          </Badge>
          {may("customers.write") ? (
            <button
              type="button"
              className="chip-cross"
              aria-label={t("flags.end", { name: t(`flag.${flag.flag}`) })}
              onClick={() =>
                void act(() => actions.endFlag(flag.id), {
                  done: t("flags.ended", { name: t(`flag.${flag.flag}`) }),
                  undo: () => actions.bringBackFlag(flag.id),
                  refresh,
                })
              }
            >
              <IconX className="icon-s" stroke={1.75} aria-hidden="true" />
            </button>
          ) : null}
        </span>
      ))}
      {may("customers.write") ? (
        <Button size="small" tone="quiet" icon={IconFlag} onClick={() => setAdding(true)}>
          {t("flags.add")}
        </Button>
      ) : null}
      <Refusal>{problem}</Refusal>
      {adding ? <NewFlag customerId={customerId} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function NewFlag({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [flag, setFlag] = useState<FlagKind>("watch");
  const [reason, setReason] = useState("");
  return (
    <Panel title={t("flags.add")} onClose={onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => actions.addFlag(customerId, { flag, reason }), {
            done: t("flags.added"),
            undo: ({ id }) => actions.endFlag(id),
            refresh: [["customers"]],
            next: onClose,
          });
        }}
      >
        <Refusal>{problem}</Refusal>
        <Choice
          label={t("flags.kind")}
          value={flag}
          options={FlagKind.options.map((value) => ({ value, label: t(`flag.${value}`) }))}
          onChange={setFlag}
        />
        <TextField label={t("flags.reason")} value={reason} onChange={setReason} required />
        <div>
          <Button type="submit" tone="primary" waiting={waiting} disabled={reason.trim() === ""}>
            {t("ui.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
