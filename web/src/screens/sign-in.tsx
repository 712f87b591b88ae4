import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { Segments } from "#ui/tabs.tsx";
import { api, Problem } from "../api/client.ts";
import { switchLanguage, useT } from "../i18n/index.ts";
import { Refusal } from "../parts/refusal.tsx";
import { sessionKey } from "../session.tsx";
import { Mark } from "../shell/mark.tsx";

/** E-mail and password. The left half is a page of a ledger, closed by its double rule. */
export function SignIn() {
  const { t, language } = useT();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const [waiting, setWaiting] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWaiting(true);
    setProblem(undefined);
    try {
      await api.post("/api/auth/sign-in/email", { email: email.trim(), password });
      await queries.resetQueries({ queryKey: sessionKey });
    } catch (error) {
      const status = error instanceof Problem ? error.status : -1;
      setProblem(
        status === 401 || status === 400
          ? t("signIn.wrong")
          : status === 429
            ? t("signIn.tooMany")
            : status === 0
              ? t("error.unreachable")
              : t("signIn.failed"),
      );
    }
    setWaiting(false);
  };

  return (
    <main className="gate-page">
      <LedgerPage />
      <div className="gate-form">
        <form onSubmit={(event) => void submit(event)} className="stack gap-16">
          <div className="between">
            <span className="row" style={{ fontSize: 22, fontWeight: 660, letterSpacing: "-0.012em" }}>
              <Mark />
              Encours
            </span>
            <Segments
              label={t("user.language")}
              value={language}
              onChange={(next) => void switchLanguage(next)}
              items={[
                { key: "fr", label: "Fr" },
                { key: "en", label: "En" },
              ]}
            />
          </div>
          <div>
            <h1>{t("signIn.title")}</h1>
            <p className="t2">{t("signIn.promise")}</p>
          </div>
          <Refusal>{problem}</Refusal>
          <TextField
            label={t("signIn.email")}
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={setEmail}
            required
          />
          <TextField
            label={t("signIn.password")}
            type="password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            required
          />
          <Button type="submit" tone="primary" size="tall" waiting={waiting}>
            <span className="grow">{t("signIn.submit")}</span>
          </Button>
          <p className="small t3">{t("signIn.help")}</p>
        </form>
      </div>
    </main>
  );
}

const LINES = [74, 58, 88, 66, 80, 52, 70, 62];

/** A drawing, not data: margin line, hairlines, and the double rule under the sum. */
function LedgerPage() {
  return (
    <div className="gate-ledger" aria-hidden="true">
      <svg viewBox="0 0 520 460" width="78%" role="presentation">
        <title>Encours</title>
        <rect x="10" y="10" width="500" height="440" rx="12" fill="var(--surface)" stroke="var(--line)" />
        <path d="M112 10v440" stroke="var(--marge)" strokeWidth="2" />
        {LINES.map((width, index) => {
          const y = 62 + index * 40;
          return (
            <g key={y}>
              <path d={`M10 ${y + 22}h500`} stroke="var(--line)" />
              <rect x="38" y={y} width="50" height="8" rx="2" fill="var(--line-strong)" />
              <rect x="136" y={y} width={width * 2} height="8" rx="2" fill="var(--line-strong)" />
              <rect x={486 - width} y={y} width={width} height="8" rx="2" fill="var(--control)" opacity="0.55" />
            </g>
          );
        })}
        <path d="M360 394h126" stroke="var(--text)" />
        <rect x="376" y="406" width="110" height="10" rx="2" fill="var(--text)" opacity="0.85" />
        <path d="M366 426h120M366 430.500h120" stroke="var(--text)" strokeWidth="1.2" />
        <circle cx="62" cy="412" r="10" fill="none" stroke="var(--success)" strokeWidth="2" />
        <path
          d="M57.500 412.300l3 3 5.500-6.300"
          fill="none"
          stroke="var(--success)"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
    </div>
  );
}
