import { Modal } from "@mantine/core";
import { useState } from "react";
import { CheckField } from "#ui/fields.tsx";
import { type TextKey, useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";
import { lettersAreOn, switchLetters } from "./hotkeys.ts";
import { ALL_ENTRIES } from "./navigation.ts";

const EVERYWHERE: readonly { keys: readonly string[]; text: TextKey }[] = [
  { keys: ["Ctrl", "K"], text: "shortcuts.palette" },
  { keys: ["?"], text: "shortcuts.help" },
  { keys: ["Z"], text: "shortcuts.undo" },
];
const LISTS: readonly { keys: readonly string[]; text: TextKey }[] = [
  { keys: ["J", "K"], text: "shortcuts.move" },
  { keys: ["↵"], text: "shortcuts.open" },
  { keys: ["␣"], text: "shortcuts.peek" },
  { keys: ["F"], text: "shortcuts.filter" },
];

/** Every key that does something, and the switch for single letters. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const [on, setOn] = useState(lettersAreOn);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shortcuts.title")}
      size={640}
      closeButtonProps={{ "aria-label": t("ui.close") }}
    >
      <div className="fields fields-2">
        <div className="stack">
          <h3>{t("shortcuts.everywhere")}</h3>
          {EVERYWHERE.map((line) => (
            <KeyLine key={line.text} keys={line.keys} text={t(line.text)} />
          ))}
          <h3>{t("shortcuts.lists")}</h3>
          {LISTS.map((line) => (
            <KeyLine key={line.text} keys={line.keys} text={t(line.text)} />
          ))}
        </div>
        <div className="stack">
          <h3>{t("shortcuts.go")}</h3>
          {ALL_ENTRIES.filter((entry) => may(entry.permission)).map((entry) => (
            <KeyLine key={entry.to} keys={["G", entry.letter.toUpperCase()]} text={t(entry.label)} />
          ))}
        </div>
      </div>
      <hr className="hairline" style={{ margin: "16px 0 12px" }} />
      <CheckField
        checked={on}
        onChange={(next) => {
          switchLetters(next);
          setOn(next);
        }}
      >
        {t("shortcuts.letters")}
      </CheckField>
    </Modal>
  );
}

const KeyLine = ({ keys, text }: { keys: readonly string[]; text: string }) => (
  <div className="between">
    <span className="t2">{text}</span>
    <span className="row gap-4">
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  </div>
);
