import { IconArrowBackUp, IconCheck, IconDownload, IconSend, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MessageDetail } from "#contracts/correspondence.ts";
import { Amount } from "#ui/amount.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { DateCell } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { address } from "../../api/client.ts";
import { actions, messageQuery, type Resolution } from "../../api/correspondence.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Documents } from "../../parts/documents.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { MailFrame } from "../../parts/mail-frame.tsx";
import { MessageStateBadge } from "../../parts/message-state.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** One message as it left or will leave, its pieces, and the proof of its hand-over. */
export function MessagePanel({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { t } = useT();
  const query = useQuery(messageQuery(messageId));
  return (
    <Panel title={query.data?.customerName ?? t("messages.message")} onClose={onClose} wide>
      <Loaded query={query} rows={6} columns={2}>
        {(message) => <Message message={message} />}
      </Loaded>
    </Panel>
  );
}

function Message({ message }: { message: MessageDetail }) {
  const { t } = useT();
  const formats = useFormats();
  const actorName = useActorName();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const moment = (instant: string) => `${formats.day(formats.dayOf(instant))} ${formats.time(instant)}`;
  const resolve = (resolution: Resolution) =>
    void act(() => actions.resolve(message.messageId, resolution), {
      done: t(`resolve.${resolution}`),
      refresh: [["messages"], ["runs"]],
    });
  const withdraw = () =>
    void act(() => actions.withdraw(message.messageId, t("messages.withdrawnByHand")), {
      done: t("resolve.withdraw"),
      refresh: [["messages"], ["runs"]],
    });
  const canWithdraw = ["planned", "approved", "held"].includes(message.state) && may("messages.send");

  return (
    <div className="stack gap-16">
      <div className="row row-wrap">
        <MessageStateBadge state={message.state} sandbox={message.sandbox} />
        {message.reason ? (
          <span className="t2">{lookUp(t, `reason.${message.reason}`, {}, message.reason)}</span>
        ) : null}
        <span className="grow" />
        {message.customerId ? (
          <Link to="/customers/$customerId" params={{ customerId: message.customerId }}>
            {t("messages.openCustomer")}
          </Link>
        ) : null}
      </div>
      <dl className="facts">
        <dt>{t("mail.from")}</dt>
        <dd>{message.sender}</dd>
        <dt>{t("mail.to")}</dt>
        <dd>
          {message.recipientName ? `${message.recipientName} ` : ""}
          <span className="t3">{message.recipient}</span>
        </dd>
        {message.leavesAt && message.state === "held" ? (
          <>
            <dt>{t("messages.leaves")}</dt>
            <dd>{moment(message.leavesAt)}</dd>
          </>
        ) : null}
        {message.approvedBy && message.approvedAt ? (
          <>
            <dt>{t("messages.approvedBy")}</dt>
            <dd>
              {actorName(message.approvedBy)}, {moment(message.approvedAt)}
            </dd>
          </>
        ) : null}
      </dl>
      <Refusal>{problem}</Refusal>
      {message.state === "in_doubt" && may("messages.resolve") ? (
        <Note>
          <b>{t("messages.doubtTitle")}</b>
          <p className="small t2">{t("messages.doubtText")}</p>
          <div className="row row-wrap" style={{ marginTop: 8 }}>
            <Button size="small" icon={IconCheck} waiting={waiting} onClick={() => resolve("was_sent")}>
              {t("resolve.wasSentButton")}
            </Button>
            <Button size="small" icon={IconSend} waiting={waiting} onClick={() => resolve("send_again")}>
              {t("resolve.sendAgainButton")}
            </Button>
            <Button size="small" icon={IconX} waiting={waiting} onClick={() => resolve("withdraw")}>
              {t("resolve.withdrawButton")}
            </Button>
          </div>
        </Note>
      ) : null}
      {canWithdraw ? (
        <div>
          <Button icon={IconArrowBackUp} waiting={waiting} onClick={withdraw}>
            {t("resolve.withdrawButton")}
          </Button>
        </div>
      ) : null}
      {message.rendered ? (
        <MailFrame
          subject={message.rendered.subject}
          html={message.rendered.html}
          text={message.rendered.text}
          height={440}
        />
      ) : (
        <p className="t2">{t("messages.notRendered")}</p>
      )}
      {message.items.length > 0 ? (
        <section>
          <h3 className="h4">{t("runs.items", { count: message.items.length })}</h3>
          <table className="table table-compact table-bare">
            <tbody>
              {message.items.map((item) => (
                <tr key={item.itemId}>
                  <td className="nowrap">
                    <Link className="link-quiet" to="/items/$itemId" params={{ itemId: item.itemId }}>
                      {item.number}
                    </Link>
                  </td>
                  <td>
                    <DateCell day={item.dueOn} quiet />
                  </td>
                  <td className="right">
                    <Amount value={item.open} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {message.rendered ? (
        <div>
          <a className={buttonClass({ size: "small" })} href={address(`/messages/${message.messageId}/eml`)} download>
            <IconDownload className="icon" stroke={1.75} aria-hidden="true" />
            {t("messages.eml")}
          </a>
        </div>
      ) : null}
      <Documents subjectType="message" subjectId={message.messageId} />
      <section>
        <h3 className="h4">{t("messages.proof")}</h3>
        {message.proofs.length === 0 ? <p className="t2">{t("messages.noProof")}</p> : null}
        {message.proofs.map((proof) => (
          <dl className="facts" key={proof.attemptNo}>
            <dt>{t("messages.attempt", { number: proof.attemptNo })}</dt>
            <dd>
              {moment(proof.startedAt)} · {lookUp(t, `messageState.${proof.outcome ?? ""}`, {}, proof.outcome ?? "…")}
            </dd>
            {proof.reply ? (
              <>
                <dt>{t("messages.reply")}</dt>
                <dd>
                  {proof.replyCode} {proof.reply}
                </dd>
              </>
            ) : null}
            <dt>{t("messages.fingerprint")}</dt>
            <dd className="clip t3" title={proof.sentHash}>
              {proof.sentHash === proof.pinnedHash ? t("messages.samePinned") : t("messages.rendersAgain")} ·{" "}
              {proof.sentHash.slice(0, 16)}
            </dd>
          </dl>
        ))}
        <p className="small t3">Message-ID {message.messageIdHeader}</p>
      </section>
    </div>
  );
}
