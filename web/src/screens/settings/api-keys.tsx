import { Modal } from "@mantine/core";
import { IconKey, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type * as access from "#contracts/access.ts";
import type { Permission } from "#contracts/permissions.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { CheckField, DayField, TextField } from "#ui/fields.tsx";
import { addDays } from "#ui/format.ts";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { api } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { SecretOnce } from "../../parts/secret-once.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Keys for programs: narrow rights and an end date. */
export function ApiKeys() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const [making, setMaking] = useState(false);
  const keys = useQuery({
    queryKey: ["apiKeys"],
    queryFn: ({ signal }) => api.get<z.infer<typeof access.ApiKeyList>>("/api-keys", undefined, signal),
  });
  const writes = may("api_keys.write");
  const revoke = (id: string) =>
    void act(() => api.delete(`/api-keys/${id}`), { done: t("keys.revoked"), refresh: [["apiKeys"]] });
  return (
    <Sheet
      title={t("settings.apiKeys")}
      hint={t("keys.lead")}
      actions={
        writes ? (
          <Button size="small" icon={IconKey} onClick={() => setMaking(true)}>
            {t("keys.make")}
          </Button>
        ) : null
      }
    >
      <Refusal isPadded>{problem}</Refusal>
      <Loaded query={keys} columns={4}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t("keys.none")}>{t("keys.noneText")}</EmptyState>
          ) : (
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("field.name")}</th>
                  <th scope="col">{t("keys.rights")}</th>
                  <th scope="col">{t("keys.expires")}</th>
                  <th scope="col" className="only-wide">
                    {t("keys.lastUsed")}
                  </th>
                  <th scope="col">{t("field.state")}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t("ui.actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((key) => (
                  <tr key={key.id}>
                    <td>
                      <span className="medium">{key.name}</span> <span className="t3 small">{key.hint}…</span>
                    </td>
                    <td className="t2">
                      <span title={key.permissions.join(", ")}>
                        {t("keys.rightCount", { count: key.permissions.length })}
                      </span>
                    </td>
                    <td className="nowrap">{formats.day(formats.dayOf(key.expiresAt))}</td>
                    <td className="t2 only-wide">{key.lastUsedOn ? formats.day(key.lastUsedOn) : t("keys.never")}</td>
                    <td>
                      <Badge tone={key.state === "active" ? "success" : "neutral"}>{t(`keyState.${key.state}`)}</Badge>
                    </td>
                    <td className="right">
                      {writes && key.state === "active" ? (
                        <Button size="small" tone="danger" icon={IconTrash} onClick={() => revoke(key.id)}>
                          {t("keys.revoke")}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {making ? <MakeKey onClose={() => setMaking(false)} /> : null}
    </Sheet>
  );
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const { today } = useLocale();
  const { session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [name, setName] = useState("");
  const [expiresOn, setExpiresOn] = useState(addDays(today, 90));
  const [granted, setGranted] = useState<ReadonlySet<Permission>>(new Set(["receivables.read", "customers.read"]));
  const [secret, setSecret] = useState<string | undefined>();
  const make = () =>
    void act(
      () => api.post<z.infer<typeof access.ApiKeyMade>>("/api-keys", { name, expiresOn, permissions: [...granted] }),
      { refresh: [["apiKeys"]], next: (made) => setSecret(made.key) },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t("keys.make")}
      closeButtonProps={{ "aria-label": t("ui.close") }}
    >
      {secret ? (
        <SecretOnce text={t("keys.once")} secret={secret} onClose={onClose} />
      ) : (
        <form
          className="stack gap-16"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <Refusal>{problem}</Refusal>
          <div className="fields fields-2">
            <TextField label={t("field.name")} value={name} onChange={setName} required hint={t("keys.nameHint")} />
            <DayField label={t("keys.expires")} value={expiresOn} onChange={setExpiresOn} />
          </div>
          <fieldset>
            <legend className="field-label">{t("keys.rights")}</legend>
            <div className="fields fields-2" style={{ gap: 2 }}>
              {session.permissions.map((permission) => (
                <CheckField
                  key={permission}
                  checked={granted.has(permission)}
                  onChange={(on) => {
                    const next = new Set(granted);
                    if (on) next.add(permission);
                    else next.delete(permission);
                    setGranted(next);
                  }}
                >
                  {permission}
                </CheckField>
              ))}
            </div>
          </fieldset>
          <div>
            <Button type="submit" tone="primary" waiting={waiting} disabled={granted.size === 0}>
              {t("keys.make")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
