import { IconMail, IconPhone, IconPlus, IconStar, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Contact, ContactWrite } from "#contracts/parties.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { CheckField, Choice, TextField } from "#ui/fields.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, contactsQuery } from "../../api/parties.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { initials } from "../../shell/user-menu.tsx";

const ROLES = ["accounting", "buyer", "manager", "legal", "sales", "other"] as const;

/** People to write to or call, with their roles. */
export function Contacts({ customerId }: { customerId: string }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const query = useQuery({ ...contactsQuery(customerId), enabled: may("contacts.read") });
  const [editing, setEditing] = useState<Contact | "new" | undefined>();
  const writes = may("contacts.write");
  if (!may("contacts.read")) return null;
  return (
    <Sheet
      title={t("contacts.title")}
      actions={
        writes ? (
          <Button size="small" tone="quiet" icon={IconPlus} onClick={() => setEditing("new")}>
            {t("ui.add")}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} rows={2} columns={1}>
        {(data) => (
          <ul className="contacts">
            {data.rows.length === 0 ? <li className="t2">{t("contacts.none")}</li> : null}
            {data.rows.map((contact) => (
              <li key={contact.id}>
                <span className="avatar" aria-hidden="true">
                  {initials(contact.name)}
                </span>
                <div className="grow">
                  <div className="row gap-4">
                    <button
                      type="button"
                      className="link-button link-quiet"
                      disabled={!writes}
                      onClick={() => setEditing(contact)}
                    >
                      {contact.name}
                    </button>
                    {contact.isInCharge ? (
                      <IconStar className="icon-s warning" stroke={1.75} aria-label={t("contacts.inCharge")} />
                    ) : null}
                    <span className="small t3">{contact.roles.map((role) => t(`contactRole.${role}`)).join(", ")}</span>
                  </div>
                  <div className="small t2 clip">{contact.email ?? contact.phone ?? t("contacts.noAddress")}</div>
                </div>
                {contact.phone ? (
                  <a
                    className={buttonClass({ tone: "quiet", size: "small" }, true)}
                    href={`tel:${contact.phone}`}
                    aria-label={t("contacts.call", { name: contact.name })}
                  >
                    <IconPhone className="icon" stroke={1.75} aria-hidden="true" />
                  </a>
                ) : null}
                {contact.email ? (
                  <a
                    className={buttonClass({ tone: "quiet", size: "small" }, true)}
                    href={`mailto:${contact.email}`}
                    aria-label={t("contacts.mail", { name: contact.name })}
                  >
                    <IconMail className="icon" stroke={1.75} aria-hidden="true" />
                  </a>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {editing ? (
        <Panel title={editing === "new" ? t("contacts.new") : editing.name} onClose={() => setEditing(undefined)}>
          <ContactForm
            customerId={customerId}
            contact={editing === "new" ? undefined : editing}
            onDone={() => setEditing(undefined)}
          />
        </Panel>
      ) : null}
    </Sheet>
  );
}

const BLANK: ContactWrite = {
  name: "",
  email: null,
  phone: null,
  language: null,
  roles: ["accounting"],
  isInCharge: false,
};

function ContactForm(props: { customerId: string; contact: Contact | undefined; onDone: () => void }) {
  const { customerId, contact } = props;
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [draft, setDraft] = useState<ContactWrite>(() =>
    contact
      ? {
          name: contact.name,
          email: contact.email,
          phone: contact.phone,
          language: contact.language,
          roles: contact.roles,
          isInCharge: contact.isInCharge,
        }
      : BLANK,
  );
  const set = (patch: Partial<ContactWrite>) => setDraft({ ...draft, ...patch });
  const refresh = [["customers", customerId], ["runs"]];
  const save = () =>
    void act(() => (contact ? actions.changeContact(contact, draft) : actions.addContact(customerId, draft)), {
      done: t("contacts.saved"),
      refresh,
      next: props.onDone,
    });
  const remove = () =>
    contact &&
    void act(() => actions.removeContact(contact.id), {
      done: t("contacts.removed", { name: contact.name }),
      undo: () => actions.bringBackContact(contact.id),
      refresh,
      next: props.onDone,
    });
  return (
    <form
      className="stack gap-16"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Refusal>{problem}</Refusal>
      <TextField label={t("field.name")} value={draft.name} onChange={(name) => set({ name })} required />
      <TextField
        label={t("signIn.email")}
        type="email"
        value={draft.email ?? ""}
        onChange={(email) => set({ email: email.trim() || null })}
      />
      <TextField
        label={t("field.phone")}
        type="tel"
        value={draft.phone ?? ""}
        onChange={(phone) => set({ phone: phone || null })}
      />
      <Choice
        label={t("contacts.language")}
        value={draft.language ?? "same"}
        options={[
          { value: "same", label: t("contacts.sameLanguage") },
          { value: "fr", label: t("language.fr") },
          { value: "en", label: t("language.en") },
        ]}
        onChange={(language) => set({ language: language === "same" ? null : language })}
      />
      <fieldset>
        <legend className="field-label">{t("contacts.roles")}</legend>
        <div className="fields fields-2" style={{ gap: 2 }}>
          {ROLES.map((role) => (
            <CheckField
              key={role}
              checked={draft.roles.includes(role)}
              onChange={(on) => set({ roles: on ? [...draft.roles, role] : draft.roles.filter((one) => one !== role) })}
            >
              {t(`contactRole.${role}`)}
            </CheckField>
          ))}
        </div>
      </fieldset>
      <CheckField checked={draft.isInCharge} onChange={(isInCharge) => set({ isInCharge })}>
        {t("contacts.inChargeLong")}
      </CheckField>
      <div className="row">
        <Button type="submit" tone="primary" waiting={waiting} disabled={draft.roles.length === 0}>
          {t("ui.save")}
        </Button>
        <span className="grow" />
        {contact ? (
          <Button tone="danger" icon={IconTrash} waiting={waiting} onClick={remove}>
            {t("ui.delete")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
