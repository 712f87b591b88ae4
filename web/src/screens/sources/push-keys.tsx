import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { DayField, TextField } from "#ui/fields.tsx";
import { addDays } from "#ui/format.ts";
import { useLocale } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions } from "../../api/sources.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { SecretOnce } from "../../parts/secret-once.tsx";
import { useAct } from "../../parts/use-act.ts";

/** Keys that may push to this source and do nothing else. They are listed and revoked with all keys, in the settings. */
export function PushKeys({ sourceId }: { sourceId: string }) {
  const { t } = useT();
  const [making, setMaking] = useState(false);
  return (
    <Sheet
      title={t("sources.keys")}
      hint={t("sources.keysHint")}
      actions={
        <Button size="small" icon={IconKey} onClick={() => setMaking(true)}>
          {t("keys.make")}
        </Button>
      }
    >
      <div className="pad t2" style={{ paddingTop: 0 }}>
        {t("sources.keysText")}
      </div>
      {making ? (
        <Panel title={t("keys.make")} onClose={() => setMaking(false)}>
          <MakeKey sourceId={sourceId} onClose={() => setMaking(false)} />
        </Panel>
      ) : null}
    </Sheet>
  );
}

function MakeKey({ sourceId, onClose }: { sourceId: string; onClose: () => void }) {
  const { t } = useT();
  const { today } = useLocale();
  const { act, waiting, problem } = useAct();
  const [name, setName] = useState("");
  const [expiresOn, setExpiresOn] = useState(addDays(today, 365));
  const [secret, setSecret] = useState<string | undefined>();
  if (secret) return <SecretOnce text={t("keys.once")} secret={secret} onClose={onClose} />;
  const make = () =>
    void act(() => actions.makeKey(sourceId, { name, expiresOn }), {
      refresh: [["apiKeys"]],
      next: (made) => setSecret(made.key),
    });
  return (
    <form
      className="stack gap-16"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <Refusal>{problem}</Refusal>
      <TextField label={t("field.name")} value={name} onChange={setName} required hint={t("keys.nameHint")} />
      <DayField label={t("keys.expires")} value={expiresOn} onChange={setExpiresOn} />
      <div>
        <Button type="submit" tone="primary" waiting={waiting}>
          {t("keys.make")}
        </Button>
      </div>
    </form>
  );
}
