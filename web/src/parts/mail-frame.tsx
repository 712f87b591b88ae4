import { useState } from "react";
import { Segments } from "#ui/tabs.tsx";
import { useT } from "../i18n/index.ts";

/** A mail exactly as it leaves: HTML in a frame that runs nothing and reaches nothing, or its text part. Always on white. */
export function MailFrame(props: { subject: string | null; html: string; text: string; height?: number }) {
  const { t } = useT();
  const [part, setPart] = useState<"html" | "text">("html");
  return (
    <div className="stack">
      <div className="between">
        <div className="grow">
          <span className="small t3">{t("mail.subject")}</span>
          <div className="medium">{props.subject}</div>
        </div>
        <Segments
          label={t("mail.part")}
          value={part}
          onChange={setPart}
          items={[
            { key: "html", label: t("mail.html") },
            { key: "text", label: t("mail.text") },
          ]}
        />
      </div>
      {part === "html" ? (
        <iframe
          title={t("mail.preview")}
          sandbox=""
          srcDoc={props.html}
          referrerPolicy="no-referrer"
          className="mail-frame"
          style={{ height: props.height ?? 460 }}
        />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long text that scrolls must be reachable by keyboard
        <pre className="mail-text" style={{ maxHeight: props.height ?? 460 }} tabIndex={0}>
          {props.text}
        </pre>
      )}
    </div>
  );
}
