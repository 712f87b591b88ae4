import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { useT } from "../i18n/index.ts";

/** A secret that is shown once: copy it now. */
export function SecretOnce({ text, secret, onClose }: { text: string; secret: string; onClose: () => void }) {
  const { t } = useT();
  const [copied, setCopied] = useState(false);
  return (
    <div className="stack gap-16">
      <p>{text}</p>
      <code className="secret">{secret}</code>
      <div className="row">
        <Button
          tone="primary"
          icon={IconCopy}
          onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
        >
          {t(copied ? "ui.copied" : "ui.copy")}
        </Button>
        <Button tone="quiet" onClick={onClose}>
          {t("ui.close")}
        </Button>
      </div>
    </div>
  );
}
