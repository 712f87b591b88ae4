import { IconSend } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Customer } from "#contracts/parties.ts";
import { Button } from "#ui/button.tsx";
import { Choice, DayField, TextArea } from "#ui/fields.tsx";
import { useLocale } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { newKey } from "../../api/client.ts";
import { actions } from "../../api/correspondence.ts";
import { contactsQuery } from "../../api/parties.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { MailFrame } from "../../parts/mail-frame.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useSettled } from "../../parts/use-settled.ts";
import { useWorkplace } from "../../session.tsx";

/** The statement of account as it will leave, to the contact in charge; held, so that it can be taken back. */
export function SendStatement({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useT();
  const { company } = useWorkplace();
  const { today } = useLocale();
  const { act, waiting, problem } = useAct();
  const contacts = (useQuery(contactsQuery(customer.id)).data?.rows ?? []).filter((one) => one.email);
  const [chosen, setChosen] = useState("");
  const [note, setNote] = useState("");
  const [asOf, setAsOf] = useState(today);
  const key = useRef(newKey());
  const contact = contacts.find((one) => one.id === chosen) ?? contacts[0];
  const recipient = contact?.email ?? "";
  const body = {
    ...(company ? { companyId: company.id } : {}),
    asOf,
    recipient,
    recipientName: contact?.name ?? "",
    language: (contact?.language ?? customer.language) === "en" ? ("en" as const) : ("fr" as const),
    note: note.trim(),
  };
  const settled = useSettled(JSON.stringify(body), 300);
  const preview = useQuery({
    queryKey: ["customers", customer.id, "statementMail", settled],
    queryFn: () => actions.previewStatement(customer.id, JSON.parse(settled) as typeof body),
    enabled: recipient !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const send = () =>
    void act(() => actions.sendStatement(customer.id, body, key.current), {
      done: t("statement.sent", { name: contact?.name ?? recipient }),
      undo: (made) => actions.withdraw(made.messageId, t("messages.withdrawnByHand")),
      refresh: [["messages"], ["customers"]],
      next: onClose,
    });
  return (
    <Panel title={t("statement.mail", { name: customer.name })} onClose={onClose} wide>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Refusal>{problem}</Refusal>
        {contacts.length === 0 ? <Note>{t("write.noContact")}</Note> : null}
        <div className="fields fields-2">
          <Choice
            label={t("mail.to")}
            value={contact?.id ?? ""}
            options={contacts.map((one) => ({ value: one.id, label: `${one.name} · ${one.email ?? ""}` }))}
            onChange={setChosen}
          />
          <DayField label={t("balance.asOf")} value={asOf} onChange={setAsOf} />
        </div>
        <TextArea label={t("statement.note")} value={note} onChange={setNote} rows={3} />
        <div className="row">
          <Button
            type="submit"
            tone="primary"
            icon={IconSend}
            waiting={waiting}
            disabled={!contact || preview.data === undefined || preview.isError}
          >
            {t("statement.send")}
          </Button>
          <span className="small t3">{t("statement.held")}</span>
        </div>
        {recipient ? (
          <Loaded query={preview} rows={6} columns={1}>
            {(mail) => <MailFrame subject={mail.subject} html={mail.html} text={mail.text} height={520} />}
          </Loaded>
        ) : null}
      </form>
    </Panel>
  );
}
