import type { Statement } from "#contracts/receivables.ts";
import type { StatementMailWrite } from "#contracts/statement-mail.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { currency, EUR } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import {
  holdWritten,
  type Moved,
  type Rendered,
  renderMessage,
  type TemplateText,
} from "#modules/correspondence/index.ts";
import { findCompany, listCompanies } from "#modules/parties/index.ts";
import { readStatement } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { statementText } from "../core/statement-text.ts";

type Refusals = "not_found" | "statement_too_long" | "statement_of_the_future";

type Letter = { readonly text: TemplateText; readonly signature: readonly string[]; readonly companyId: string | null };

/** The statement of a customer as it would leave now; nothing is kept. */
export async function previewStatement(
  services: Services,
  actor: Actor,
  customerId: string,
  wanted: StatementMailWrite,
  today: CalendarDate,
): Promise<Result<Rendered, Refusals>> {
  const letter = await letterOf(services, actor, customerId, wanted, today);
  return letter.ok ? rendered(letter.value, wanted) : letter;
}

/** Sends it: held like any message, with its proof, once per idempotency key. */
export async function sendStatement(
  services: Services,
  actor: Actor,
  customerId: string,
  wanted: StatementMailWrite,
  idempotencyKey: string | undefined,
  today: CalendarDate,
): Promise<Result<Moved, Refusals | "invalid_email" | "message_empty">> {
  const letter = await letterOf(services, actor, customerId, wanted, today);
  if (!letter.ok) return letter;
  const shown = rendered(letter.value, wanted);
  if (!shown.ok) return shown;
  const { recipient, recipientName, language } = wanted;
  const companyId = letter.value.companyId ?? undefined;
  const envelope = { customerId, companyId, recipient, recipientName, language };
  return holdWritten(services, actor, { ...envelope, ...shown.value, what: "statement" }, idempotencyKey, today);
}

function rendered(letter: Letter, { language }: StatementMailWrite): Result<Rendered, "statement_too_long"> {
  const facts = { currency: EUR, values: new Map(), lines: [], signature: letter.signature };
  const shown = renderMessage(letter.text, facts, language);
  if (shown.ok) return done(shown.value);
  if (shown.fault.code === "too_large") return refuse("statement_too_long");
  throw new Error(`a statement names a field: ${shown.fault.detail}`);
}

async function letterOf(
  services: Services,
  actor: Actor,
  customerId: string,
  wanted: StatementMailWrite,
  today: CalendarDate,
): Promise<Result<Letter, Refusals>> {
  const asOf = wanted.asOf ? day(wanted.asOf) : today;
  if (asOf > today) return refuse("statement_of_the_future");
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  return services.db.transaction(actor.tenant, async (tx) => {
    const { companyId } = wanted;
    if (companyId && !(await findCompany(tx, companyId))) return refuse("not_found");
    const statement: Statement | undefined = await readStatement(
      tx,
      customerId,
      { asOf, companyId, layers: "working" },
      today,
    );
    if (!statement) return refuse("not_found");
    if (statement.companies.some((one) => one.isCut)) return refuse("statement_too_long");
    const [only] = statement.companies;
    const known = await listCompanies(tx);
    const signs = known.find((one) => one.id === (only?.companyId ?? companyId ?? known[0]?.id));
    // an account that is settled has no company of its own: the one asked for, or the first, says so
    const companies =
      only || !signs
        ? statement.companies
        : [
            {
              companyId: signs.id,
              companyCode: signs.code,
              companyName: signs.name,
              opening: { minor: "0", currency: currency(signs.bookCurrency) },
              closing: { minor: "0", currency: currency(signs.bookCurrency) },
              overdue: { minor: "0", currency: currency(signs.bookCurrency) },
              lines: [],
              isCut: false,
            },
          ];
    const isOne = companies.length === 1;
    const text = statementText({ asOf, companies }, wanted);
    const signature = [
      names.get(actor.id),
      isOne ? signs?.name : undefined,
      isOne ? (signs?.phone ?? undefined) : undefined,
    ].filter((line) => line !== undefined);
    return done({ text, signature, companyId: isOne ? (companies[0]?.companyId ?? null) : null });
  });
}
