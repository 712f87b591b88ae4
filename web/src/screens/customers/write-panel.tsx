import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Customer } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { Choice, TextArea, TextField } from "#ui/fields.tsx";
import { Note } from "#ui/surfaces.tsx";
import { newKey } from "../../api/client.ts";
import { actions } from "../../api/correspondence.ts";
import { contactsQuery } from "../../api/parties.ts";
import { useT } from "../../i18n/index.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** A mail written by hand to one contact. It is held like any other, so it can be undone. */
export function WritePanel({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useT();
  const { company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const contacts = (useQuery(contactsQuery(customer.id)).data?.rows ?? []).filter((one) => one.email);
  const [chosen, setChosen] = useState("");
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const key = useRef(newKey());
  const contact = contacts.find((one) => one.id === chosen) ?? contacts[0];
  const companyId = company?.id ?? customer.accounts[0]?.companyId;
  const send = () => {
    const email = contact?.email;
    if (!email) return;
    void act(
      () =>
        actions.write(
          {
            customerId: customer.id,
            ...(companyId ? { companyId } : {}),
            recipient: email,
            recipientName: contact.name,
            language: (contact.language ?? customer.language) === "en" ? "en" : "fr",
            subject,
            text,
          },
          key.current,
        ),
      {
        done: t("write.done", { name: contact.name }),
        undo: (made) => actions.withdraw(made.messageId, t("messages.withdrawnByHand")),
        refresh: [["messages"], ["customers"]],
        next: onClose,
      },
    );
  };
  return (
    <Panel title={t("write.title", { name: customer.name })} onClose={onClose} wide>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Refusal>{problem}</Refusal>
        {contacts.length === 0 ? <Note>{t("write.noContact")}</Note> : null}
        <Choice
          label={t("mail.to")}
          value={contact?.id ?? ""}
          options={contacts.map((one) => ({ value: one.id, label: `${one.name} · ${one.email ?? ""}` }))}
          onChange={setChosen}
        />
        <TextField label={t("mail.subject")} value={subject} onChange={setSubject} required />
        <TextArea label={t("template.body")} value={text} onChange={setText} rows={14} />
        <div>
          <Button
            type="submit"
            tone="primary"
            icon={IconSend}
            waiting={waiting}
            disabled={!contact || subject.trim() === "" || text.trim() === ""}
          >
            {t("runs.include")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
