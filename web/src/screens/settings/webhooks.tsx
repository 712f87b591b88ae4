import { IconPlus, IconRefresh } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type * as contracts from "#contracts/webhooks.ts";
import type { Webhook, WebhookDelivery, WebhookWrite } from "#contracts/webhooks.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { CheckField, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { api } from "../../api/client.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { SecretOnce } from "../../parts/secret-once.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
const ROOMS = ["parties", "receivables", "connectors", "dunning", "correspondence", "tasks", "documents"] as const;
const BLANK: WebhookWrite = { name: "", url: "", kinds: ["*"], isActive: true };

/** Programs that are told what happens here. */
export function Webhooks() {
  const { t } = useT();
  const { may } = useWorkplace();
  const [shown, setShown] = useState<Webhook | "new" | undefined>();
  const query = useQuery({
    queryKey: ["webhooks", "list"],
    queryFn: ({ signal }) => api.get<Of<typeof contracts.WebhookList>>("/webhooks", undefined, signal),
  });
  const open = shown === "new" ? undefined : query.data?.rows.find((one) => one.id === shown?.id);
  return (
    <Sheet
      title={t("settings.webhooks")}
      hint={t("webhooks.lead")}
      actions={
        may("webhooks.write") ? (
          <Button size="small" icon={IconPlus} onClick={() => setShown("new")}>
            {t("ui.add")}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} columns={3} rows={2}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t("webhooks.none")}>{t("webhooks.noneText")}</EmptyState>
          ) : (
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("field.name")}</th>
                  <th scope="col" className="only-wide">
                    {t("webhooks.url")}
                  </th>
                  <th scope="col">{t("field.state")}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((one) => (
                  <tr key={one.id}>
                    <td>
                      <button type="button" className="link-button link-quiet" onClick={() => setShown(one)}>
                        {one.name}
                      </button>
                    </td>
                    <td className="t2 only-wide">{one.url}</td>
                    <td>
                      <EndpointState webhook={one} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {shown === "new" ? (
        <Panel title={t("webhooks.new")} onClose={() => setShown(undefined)}>
          <NewEndpoint onClose={() => setShown(undefined)} />
        </Panel>
      ) : open ? (
        <Panel title={open.name} onClose={() => setShown(undefined)}>
          <Endpoint key={open.version} webhook={open} onClose={() => setShown(undefined)} />
        </Panel>
      ) : null}
    </Sheet>
  );
}

function EndpointState({ webhook }: { webhook: Webhook }) {
  const { t } = useT();
  if (!webhook.isActive)
    return (
      <Badge tone={webhook.disabledReason ? "danger" : "neutral"}>
        {webhook.disabledReason
          ? lookUp(t, `webhooks.off.${webhook.disabledReason}`, {}, t("webhooks.off"))
          : t("webhooks.off")}
      </Badge>
    );
  return webhook.failingSince ? (
    <Badge tone="warning">{t("webhooks.failing")}</Badge>
  ) : (
    <Badge tone="success">{t("webhooks.on")}</Badge>
  );
}

function Fields({ draft, onChange }: { draft: WebhookWrite; onChange: (draft: WebhookWrite) => void }) {
  const { t } = useT();
  const isAll = draft.kinds.includes("*");
  const toggle = (kind: string, on: boolean) => {
    const kinds = on ? [...draft.kinds, kind] : draft.kinds.filter((one) => one !== kind);
    onChange({ ...draft, kinds });
  };
  const named = draft.kinds.filter((kind) => kind !== "*" && !kind.endsWith(".*"));
  return (
    <>
      <TextField
        label={t("field.name")}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        required
      />
      <TextField
        label={t("webhooks.url")}
        type="url"
        value={draft.url}
        placeholder="https://"
        onChange={(url) => onChange({ ...draft, url })}
        required
        hint={t("webhooks.urlHint")}
      />
      <fieldset>
        <legend className="field-label">{t("webhooks.kinds")}</legend>
        <CheckField checked={isAll} onChange={(on) => onChange({ ...draft, kinds: on ? ["*"] : [] })}>
          {t("webhooks.all")}
        </CheckField>
        {isAll ? null : (
          <div className="fields fields-2" style={{ gap: 2 }}>
            {ROOMS.map((room) => (
              <CheckField
                key={room}
                checked={draft.kinds.includes(`${room}.*`)}
                onChange={(on) => toggle(`${room}.*`, on)}
              >
                {t(`webhooks.room.${room}`)}
              </CheckField>
            ))}
          </div>
        )}
      </fieldset>
      {isAll ? null : (
        <TextField
          label={t("webhooks.named")}
          value={named.join(" ")}
          placeholder="receivables.batch.applied"
          onChange={(text) =>
            onChange({
              ...draft,
              kinds: [...draft.kinds.filter((kind) => kind.endsWith(".*")), ...text.split(/[\s,]+/).filter(Boolean)],
            })
          }
          hint={t("webhooks.namedHint")}
        />
      )}
    </>
  );
}

function NewEndpoint({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState(BLANK);
  const [secret, setSecret] = useState<string | undefined>();
  if (secret) return <SecretOnce text={t("webhooks.once")} secret={secret} onClose={onClose} />;
  const add = () =>
    void act(() => api.post<Of<typeof contracts.WebhookMade>>("/webhooks", draft), {
      refresh: [["webhooks"]],
      next: (made) => setSecret(made.secret),
    });
  return (
    <form
      className="stack gap-16"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Refusal>{problem}</Refusal>
      <Fields draft={draft} onChange={setDraft} />
      <div>
        <Button type="submit" tone="primary" waiting={waiting} disabled={draft.kinds.length === 0}>
          {t("ui.add")}
        </Button>
      </div>
    </form>
  );
}

function Endpoint({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<WebhookWrite>({
    name: webhook.name,
    url: webhook.url,
    kinds: webhook.kinds,
    isActive: webhook.isActive,
  });
  const [secret, setSecret] = useState<string | undefined>();
  const refresh = [["webhooks"]];
  const at = `/webhooks/${webhook.id}`;
  if (secret) return <SecretOnce text={t("webhooks.onceMore")} secret={secret} onClose={onClose} />;
  return (
    <div className="stack gap-20">
      <Refusal>{problem}</Refusal>
      {may("webhooks.write") ? (
        <form
          className="stack gap-16"
          onSubmit={(event) => {
            event.preventDefault();
            void act(() => api.put<Webhook>(at, draft, { ifMatch: webhook.version }), { done: t("ui.saved"), refresh });
          }}
        >
          <Fields draft={draft} onChange={setDraft} />
          <CheckField checked={draft.isActive} onChange={(isActive) => setDraft({ ...draft, isActive })}>
            {t("webhooks.active")}
          </CheckField>
          <div className="row row-wrap">
            <Button type="submit" tone="primary" waiting={waiting} disabled={draft.kinds.length === 0}>
              {t("ui.save")}
            </Button>
            <Button
              disabled={waiting || !webhook.isActive}
              onClick={() => void act(() => api.post(`${at}/test`), { done: t("webhooks.tested"), refresh })}
            >
              {t("webhooks.test")}
            </Button>
            <Button
              tone="quiet"
              disabled={waiting}
              onClick={() =>
                void act(() => api.post<Of<typeof contracts.WebhookSecret>>(`${at}/secret`), {
                  refresh,
                  next: (made) => setSecret(made.secret),
                })
              }
            >
              {t("webhooks.newSecret")}
            </Button>
            <Button
              tone="danger"
              disabled={waiting}
              onClick={() => void act(() => api.delete(at), { done: t("webhooks.removed"), refresh, next: onClose })}
            >
              {t("ui.delete")}
            </Button>
          </div>
        </form>
      ) : null}
      <Deliveries webhookId={webhook.id} />
    </div>
  );
}

const DELIVERY_TONES: Readonly<Record<WebhookDelivery["state"], Tone>> = {
  waiting: "info",
  delivered: "success",
  failed: "danger",
};

/** What was sent, newest first; anything can be sent again. */
function Deliveries({ webhookId }: { webhookId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const query = useInfiniteQuery({
    queryKey: ["webhooks", "deliveries", webhookId],
    queryFn: ({ signal, pageParam }) =>
      api.get<Of<typeof contracts.WebhookDeliveryPage>>(
        `/webhooks/${webhookId}/deliveries`,
        { limit: 25, cursor: pageParam },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5_000,
  });
  const again = (path: string) =>
    void act(() => api.post<Of<typeof contracts.WebhookReplayed>>(path), {
      done: (made) => t("webhooks.replayed", { count: made.replayed }),
      refresh: [["webhooks"]],
    });
  const said = (one: WebhookDelivery) =>
    one.lastStatus !== null
      ? String(one.lastStatus)
      : one.lastError
        ? lookUp(t, `webhooks.error.${one.lastError}`, {}, one.lastError)
        : "";
  return (
    <section className="stack gap-8" aria-label={t("webhooks.log")}>
      <div className="row">
        <h3 className="h3 grow">{t("webhooks.log")}</h3>
        {may("webhooks.write") ? (
          <Button
            size="small"
            tone="quiet"
            icon={IconRefresh}
            disabled={waiting}
            onClick={() => again(`/webhooks/${webhookId}/replay`)}
          >
            {t("webhooks.replayFailed")}
          </Button>
        ) : null}
      </div>
      <Refusal>{problem}</Refusal>
      <Loaded query={query} columns={3} rows={3}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.rows);
          return rows.length === 0 ? (
            <p className="t2">{t("webhooks.logEmpty")}</p>
          ) : (
            <>
              <table className="table table-compact">
                <tbody>
                  {rows.map((one) => (
                    <tr key={one.id}>
                      <td>
                        {one.kind}
                        <div className="small t3">
                          {formats.day(formats.dayOf(one.createdAt))} {formats.time(one.createdAt)}
                          {one.attempts > 1 ? ` · ${t("webhooks.attempts", { count: one.attempts })}` : ""}
                        </div>
                      </td>
                      <td>
                        <Badge tone={DELIVERY_TONES[one.state]}>{t(`webhooks.state.${one.state}`)}</Badge>{" "}
                        <span className="small t3">{said(one)}</span>
                      </td>
                      <td className="right">
                        {may("webhooks.write") ? (
                          <Button
                            size="small"
                            tone="quiet"
                            disabled={waiting}
                            onClick={() => again(`/webhook-deliveries/${one.id}/replay`)}
                          >
                            {t("webhooks.replay")}
                          </Button>
                        ) : null}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {query.hasNextPage ? (
                <div>
                  <Button size="small" tone="quiet" onClick={() => void query.fetchNextPage()}>
                    {t("webhooks.more")}
                  </Button>
                </div>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
