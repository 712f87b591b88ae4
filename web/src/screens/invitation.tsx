import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import type { z } from "zod";
import type { InvitationSeen } from "#contracts/access.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { EmptyState } from "#ui/states.tsx";
import { api } from "../api/client.ts";
import { useT } from "../i18n/index.ts";
import { problemText } from "../parts/loaded.tsx";
import { Refusal } from "../parts/refusal.tsx";
import { Mark } from "../shell/mark.tsx";

/** What the person behind an invitation link sees: their name, a password, and in. */
export function Invitation({ token }: { token: string }) {
  const { t } = useT();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const [waiting, setWaiting] = useState(false);
  const seen = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      api.get<z.infer<typeof InvitationSeen>>(`/invitations/by-token/${encodeURIComponent(token)}`, undefined, signal),
    retry: false,
  });
  const invitation = seen.data;
  useEffect(() => {
    if (invitation) setName(invitation.name);
  }, [invitation]);
  const accept = async (event: FormEvent) => {
    event.preventDefault();
    setWaiting(true);
    setProblem(undefined);
    try {
      await api.post("/invitations/accept", { token, name, password });
      window.location.assign("/");
    } catch (error) {
      setProblem(problemText(error, t));
      setWaiting(false);
    }
  };
  if (seen.isPending) return null;
  if (!invitation)
    return (
      <main className="gate-form" style={{ minHeight: "100vh" }}>
        <EmptyState title={t("invitation.gone")}>{t("invitation.goneText")}</EmptyState>
      </main>
    );
  return (
    <main className="gate-form" style={{ minHeight: "100vh" }}>
      <form onSubmit={(event) => void accept(event)} className="stack gap-16">
        <span className="row" style={{ fontSize: 22, fontWeight: 660 }}>
          <Mark />
          Encours
        </span>
        <div>
          <h1>{t("invitation.title", { tenant: invitation.tenantName })}</h1>
          <p className="t2">
            {t(invitation.isKnownUser ? "invitation.known" : "invitation.new", { email: invitation.email })}
          </p>
        </div>
        <Refusal>{problem}</Refusal>
        <TextField label={t("field.name")} autoComplete="name" value={name} onChange={setName} required />
        <TextField
          label={t("signIn.password")}
          type="password"
          autoComplete={invitation.isKnownUser ? "current-password" : "new-password"}
          value={password}
          onChange={setPassword}
          hint={invitation.isKnownUser ? undefined : t("invitation.passwordHint")}
          required
        />
        <Button type="submit" tone="primary" size="tall" waiting={waiting}>
          <span className="grow">{t("invitation.accept")}</span>
        </Button>
      </form>
    </main>
  );
}
