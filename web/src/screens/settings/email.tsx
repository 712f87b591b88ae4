import { IconPlugConnected, IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EmailChannel } from "#contracts/correspondence.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet } from "#ui/surfaces.tsx";
import { actions, channelQuery, type SmtpBody, type TestAnswer } from "../../api/correspondence.ts";
import { useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { sessionKey, useWorkplace } from "../../session.tsx";

const BLANK: SmtpBody = {
  host: "",
  port: 587,
  security: "starttls",
  user: null,
  senderAddress: "",
  senderName: "",
  replyTo: null,
  connections: 2,
  perMinute: 120,
  perDomainPerMinute: 30,
  holdMinutes: 10,
};

/** The mail server, its test, and the arming of the channel: until armed, everything stays in the sandbox. */
export function Email() {
  const query = useQuery(channelQuery());
  return (
    <Loaded query={query} rows={6} columns={2}>
      {(channel) => (
        <>
          <Arming channel={channel} />
          <Server key={channel.version} channel={channel} />
        </>
      )}
    </Loaded>
  );
}

function Arming({ channel }: { channel: EmailChannel }) {
  const { t } = useT();
  const formats = useFormats();
  const actorName = useActorName();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const refresh = [["channels"], sessionKey];
  const waits = channel.waiting.held;
  const arm = () => void act(() => actions.arm(channel.version, waits), { done: t("email.armed"), refresh });
  const disarm = () => void act(() => actions.disarm(channel.version), { done: t("email.disarmed"), refresh });
  return (
    <Sheet title={t("email.title")}>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        <div className="row row-wrap">
          {channel.armed ? (
            <Badge tone="success" icon={IconShieldCheck}>
              {t("email.isArmed")}
            </Badge>
          ) : (
            <Badge tone="warning" icon={IconShieldOff}>
              {t("email.isSandbox")}
            </Badge>
          )}
          <span className="t2">
            {channel.armed && channel.armedAt
              ? t("email.armedBy", {
                  who: actorName(channel.armedBy ?? ""),
                  day: formats.day(formats.dayOf(channel.armedAt)),
                })
              : channel.disarmedReason
                ? t(`email.reason.${channel.disarmedReason}`)
                : null}
          </span>
        </div>
        <p className="t2">{t(channel.armed ? "email.armedMeans" : "email.sandboxMeans", { count: waits })}</p>
        {channel.waiting.pausedUntil ? (
          <Note>
            {t("email.paused", {
              when: formats.time(channel.waiting.pausedUntil),
              why: channel.waiting.pausedFor ?? "",
            })}
          </Note>
        ) : null}
        <Refusal>{problem}</Refusal>
        {may("channels.write") ? (
          <div>
            {channel.armed ? (
              <Button icon={IconShieldOff} waiting={waiting} onClick={disarm}>
                {t("email.disarm")}
              </Button>
            ) : (
              <Button
                tone="primary"
                icon={IconShieldCheck}
                waiting={waiting}
                disabled={!channel.settings || !channel.lastTest?.ok}
                onClick={arm}
              >
                {t("email.arm", { count: waits })}
              </Button>
            )}
            {!channel.armed && !channel.lastTest?.ok ? <p className="small t3">{t("email.testFirst")}</p> : null}
          </div>
        ) : null}
      </div>
    </Sheet>
  );
}

function Server({ channel }: { channel: EmailChannel }) {
  const { t } = useT();
  const formats = useFormats();
  const { may, session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<SmtpBody>(() => ({
    ...BLANK,
    ...(channel.settings ?? {}),
    holdMinutes: channel.holdMinutes,
  }));
  const [password, setPassword] = useState("");
  const [answer, setAnswer] = useState<TestAnswer | undefined>();
  const set = (patch: Partial<SmtpBody>) => setDraft({ ...draft, ...patch });
  const number = (text: string, before: number) => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : before);
  const save = () =>
    void act(() => actions.saveSmtp(channel.version, { ...draft, ...(password ? { password } : {}) }), {
      done: t("ui.saved"),
      refresh: [["channels"]],
    });
  const test = () => void act(() => actions.testSmtp(session.user.email), { refresh: [["channels"]], next: setAnswer });
  const last =
    answer ??
    (channel.lastTest ? { ok: channel.lastTest.ok, message: channel.lastTest.message, stage: "" } : undefined);
  return (
    <Sheet title={t("email.server")} hint={t("email.serverHint")}>
      <form
        className="pad stack gap-16"
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <fieldset className="stack gap-16" disabled={!may("channels.write")}>
          <div className="fields fields-3">
            <TextField
              label={t("email.host")}
              value={draft.host}
              onChange={(host) => set({ host })}
              required
              placeholder="smtp.example.com"
            />
            <TextField
              label={t("email.port")}
              inputMode="numeric"
              value={String(draft.port)}
              onChange={(text) => set({ port: number(text, draft.port) })}
            />
            <Choice
              label={t("email.security")}
              value={draft.security}
              options={(["tls", "starttls", "none"] as const).map((value) => ({
                value,
                label: t(`smtpSecurity.${value}`),
              }))}
              onChange={(security) => set({ security })}
            />
            <TextField
              label={t("email.user")}
              value={draft.user ?? ""}
              onChange={(text) => set({ user: text || null })}
            />
            <TextField
              label={t("signIn.password")}
              type="password"
              autoComplete="new-password"
              value={password}
              placeholder={channel.hasPassword ? t("email.passwordKept") : ""}
              onChange={setPassword}
            />
            <TextField
              label={t("email.hold")}
              inputMode="numeric"
              value={String(draft.holdMinutes)}
              onChange={(text) => set({ holdMinutes: number(text, draft.holdMinutes) })}
            />
            <TextField
              label={t("email.senderAddress")}
              type="email"
              value={draft.senderAddress}
              onChange={(senderAddress) => set({ senderAddress })}
              required
            />
            <TextField
              label={t("email.senderName")}
              value={draft.senderName}
              onChange={(senderName) => set({ senderName })}
              required
            />
            <TextField
              label={t("email.replyTo")}
              value={draft.replyTo ?? ""}
              onChange={(text) => set({ replyTo: text || null })}
            />
            <TextField
              label={t("email.connections")}
              inputMode="numeric"
              value={String(draft.connections)}
              onChange={(text) => set({ connections: number(text, draft.connections) })}
            />
            <TextField
              label={t("email.perMinute")}
              inputMode="numeric"
              value={String(draft.perMinute)}
              onChange={(text) => set({ perMinute: number(text, draft.perMinute) })}
            />
            <TextField
              label={t("email.perDomain")}
              inputMode="numeric"
              value={String(draft.perDomainPerMinute)}
              onChange={(text) => set({ perDomainPerMinute: number(text, draft.perDomainPerMinute) })}
            />
          </div>
        </fieldset>
        <Refusal>{problem}</Refusal>
        {last ? (
          <Note tone={last.ok ? "success" : "danger"} role="status">
            {last.ok ? t("email.testOk") : t("email.testFailed")} {last.message}
            {channel.lastTest && !answer ? (
              <span className="small t3"> · {formats.day(formats.dayOf(channel.lastTest.at))}</span>
            ) : null}
          </Note>
        ) : null}
        {may("channels.write") ? (
          <div className="row row-wrap">
            <Button type="submit" tone="primary" waiting={waiting}>
              {t("ui.save")}
            </Button>
            <Button icon={IconPlugConnected} waiting={waiting} disabled={!channel.settings} onClick={test}>
              {t("email.test")}
            </Button>
          </div>
        ) : null}
      </form>
    </Sheet>
  );
}
