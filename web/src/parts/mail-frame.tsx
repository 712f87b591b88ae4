import { useEffect, useRef, useState } from "react";
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
        <FittedFrame title={t("mail.preview")} html={props.html} height={props.height ?? 460} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long text that scrolls must be reachable by keyboard
        <pre className="mail-text" style={{ maxHeight: props.height ?? 460 }} tabIndex={0}>
          {props.text}
        </pre>
      )}
    </div>
  );
}

/** Width a mail is written for; a narrower place shows it smaller, never cut. */
const MAIL_WIDTH = 620;

function FittedFrame(props: { title: string; html: string; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(MAIL_WIDTH);
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const observer = new ResizeObserver(() => setWidth(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const scale = Math.min(1, width / MAIL_WIDTH);
  return (
    <div ref={box} className="mail-fit" style={{ height: props.height }}>
      <iframe
        title={props.title}
        sandbox=""
        srcDoc={props.html}
        referrerPolicy="no-referrer"
        className="mail-frame"
        style={{
          width: scale < 1 ? MAIL_WIDTH : "100%",
          height: props.height / scale,
          transform: scale < 1 ? `scale(${scale})` : undefined,
          transformOrigin: "0 0",
        }}
      />
    </div>
  );
}
