import { Modal } from "@mantine/core";
import { IconMailPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type * as access from "#contracts/access.ts";
import { ROLES, type Role } from "#contracts/permissions.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Choice, TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { api } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { SecretOnce } from "../../parts/secret-once.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Who works here, with which role, and who was asked to join. */
export function Users() {
  const { t } = useT();
  const formats = useFormats();
  const { may, session } = useWorkplace();
  const { act, problem } = useAct();
  const [inviting, setInviting] = useState(false);
  const users = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => api.get<z.infer<typeof access.UserList>>("/users", undefined, signal),
  });
  const invitations = useQuery({
    queryKey: ["invitations"],
    queryFn: ({ signal }) => api.get<z.infer<typeof access.InvitationList>>("/invitations", undefined, signal),
  });
  const writes = may("users.write");
  const roles = ROLES.map((value) => ({ value, label: t(`role.${value}`) }));
  const change = (user: access.User, patch: { role?: Role; isActive?: boolean }) =>
    void act(
      () =>
        api.put(
          `/users/${user.id}/membership`,
          { role: patch.role ?? user.role, isActive: patch.isActive ?? user.isActive },
          { ifMatch: user.version },
        ),
      { done: t("ui.saved"), refresh: [["users"]] },
    );
  const withdraw = (id: string) =>
    void act(() => api.delete(`/invitations/${id}`), { done: t("users.withdrawn"), refresh: [["invitations"]] });

  return (
    <>
      <Sheet
        title={t("settings.users")}
        actions={
          writes ? (
            <Button size="small" icon={IconMailPlus} onClick={() => setInviting(true)}>
              {t("users.invite")}
            </Button>
          ) : null
        }
      >
        <Refusal isPadded>{problem}</Refusal>
        <Loaded query={users} columns={3}>
          {(data) => (
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("field.name")}</th>
                  <th scope="col">{t("field.role")}</th>
                  <th scope="col" className="only-wide">
                    {t("field.state")}
                  </th>
                  <th scope="col">
                    <span className="visually-hidden">{t("ui.actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((user) => (
                  <tr key={user.id}>
                    <td style={{ paddingTop: 6, paddingBottom: 6 }}>
                      <span className="medium">{user.name}</span>
                      <span className="block small t3">{user.email}</span>
                    </td>
                    <td>
                      {writes && user.id !== session.user.id ? (
                        <Choice
                          label={t("users.roleOf", { name: user.name })}
                          hideLabel
                          small
                          value={user.role}
                          options={roles}
                          onChange={(role) => change(user, { role })}
                        />
                      ) : (
                        t(`role.${user.role}`)
                      )}
                    </td>
                    <td className="only-wide">
                      {user.isActive ? (
                        <Badge tone="success">{t("users.active")}</Badge>
                      ) : (
                        <Badge>{t("users.inactive")}</Badge>
                      )}
                    </td>
                    <td className="right">
                      {writes && user.id !== session.user.id ? (
                        <Button size="small" tone="quiet" onClick={() => change(user, { isActive: !user.isActive })}>
                          {t(user.isActive ? "users.deactivate" : "users.activate")}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Sheet>
      <Sheet title={t("users.invitations")}>
        <Loaded query={invitations} rows={2} columns={3}>
          {(data) =>
            data.rows.length === 0 ? (
              <p className="pad t2" style={{ paddingTop: 0 }}>
                {t("users.noInvitation")}
              </p>
            ) : (
              <table className="table">
                <caption className="visually-hidden">{t("users.invitations")}</caption>
                <tbody>
                  {data.rows.map((one) => (
                    <tr key={one.id}>
                      <td>
                        <span className="medium">{one.name}</span> <span className="t3 small">{one.email}</span>
                      </td>
                      <td>{t(`role.${one.role}`)}</td>
                      <td>
                        <Badge tone={one.state === "open" ? "info" : "neutral"}>
                          {t(`invitationState.${one.state}`)}
                        </Badge>
                      </td>
                      <td className="t2 only-wide">
                        {t("users.expires", { day: formats.day(formats.dayOf(one.expiresAt)) })}
                      </td>
                      <td className="right">
                        {writes && one.state === "open" ? (
                          <Button size="small" tone="quiet" icon={IconX} onClick={() => withdraw(one.id)}>
                            {t("users.withdraw")}
                          </Button>
                        ) : null}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </>
  );
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("collector");
  const [link, setLink] = useState<string | undefined>();
  const invite = () =>
    void act(
      () => api.post<z.infer<typeof access.InvitationMade>>("/invitations", { name, email: email.trim(), role }),
      {
        refresh: [["invitations"]],
        next: (made) => setLink(new URL(made.link, window.location.origin).href),
      },
    );
  return (
    <Modal opened onClose={onClose} title={t("users.invite")} closeButtonProps={{ "aria-label": t("ui.close") }}>
      {link ? (
        <SecretOnce text={t("users.linkOnce")} secret={link} onClose={onClose} />
      ) : (
        <form
          className="stack gap-16"
          onSubmit={(event) => {
            event.preventDefault();
            invite();
          }}
        >
          <Refusal>{problem}</Refusal>
          <TextField label={t("field.name")} value={name} onChange={setName} required />
          <TextField label={t("signIn.email")} type="email" value={email} onChange={setEmail} required />
          <Choice
            label={t("field.role")}
            value={role}
            options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            onChange={setRole}
          />
          <div>
            <Button type="submit" tone="primary" waiting={waiting}>
              {t("users.makeLink")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
