import { CustomerQuery } from "#contracts/parties.ts";
import { AgedBalanceQuery, ItemQuery } from "#contracts/receivables.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { idsOfGroup, listCompanies, streamCustomers } from "#modules/parties/index.ts";
import {
  AGEING_BUCKETS,
  type AgedFilter,
  itemCondition,
  itemFilter,
  readAgedBalance,
  streamAgedBalance,
  streamItems,
  toItem,
} from "#modules/receivables/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { moneyCell } from "#platform/export/index.ts";
import { type Route, route } from "#platform/http/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { type Batches, formatParams, tableStream } from "./table-stream.ts";

const tag = "exports";
const permission = "exports.read" as const;

const HEADERS = {
  items: {
    fr: [
      "Société",
      "Numéro client",
      "Nom client",
      "Type",
      "Numéro facture",
      "Numéro échéance",
      "Date facture",
      "Date comptable",
      "Échéance",
      "Jours de retard",
      "Devise",
      "Montant",
      "Reste à payer",
      "Montant tenue de compte",
      "Mode de règlement",
      "Libellé",
      "Lettrage",
    ],
    en: [
      "Company",
      "Customer number",
      "Customer name",
      "Type",
      "Invoice number",
      "Instalment",
      "Invoice date",
      "Posting date",
      "Due date",
      "Days late",
      "Currency",
      "Amount",
      "Open amount",
      "Book amount",
      "Payment method",
      "Label",
      "Letter",
    ],
  },
  customers: {
    fr: ["Numéro client", "Nom client", "Langue", "Pays", "Ville", "Commercial"],
    en: ["Customer number", "Customer name", "Language", "Country", "City", "Sales person"],
  },
} as const;

const itemExport = route({
  method: "GET",
  path: "/exports/items.:format",
  operationId: "exportItems",
  tag,
  permission,
  file: true,
  summary: "The list of items as CSV or XLSX, all rows",
  params: formatParams,
  query: ItemQuery.omit({ limit: true, cursor: true }),
  handle: async ({ actor, params, query, services, today }) => {
    const condition = query.filter === undefined ? undefined : itemCondition(query.filter, today);
    if (condition && !condition.ok) return condition;
    const prepared = await services.db.transaction(actor.tenant, async (tx) => ({
      filter: await itemFilter(tx, query, today, actor.id),
      codes: new Map((await listCompanies(tx)).map((company) => [company.id, company.code])),
    }));
    const read = async function* (tx: Tx): Batches {
      for await (const batch of streamItems(tx, prepared.filter)) {
        yield batch.map((row) => {
          const item = toItem(row, prepared.filter.asOf, prepared.codes.get(row.companyId) ?? "");
          return [
            item.companyCode,
            item.customerNumber,
            item.customerName,
            item.kind,
            item.documentNo,
            item.instalmentNo,
            { day: item.issuedOn },
            { day: item.postedOn },
            { day: item.dueOn },
            Math.max(0, item.daysPastDue),
            item.original.currency,
            moneyCell(item.original.minor, item.original.currency),
            moneyCell(item.open.minor, item.open.currency),
            moneyCell(item.originalBook.minor, item.originalBook.currency),
            item.paymentMethod,
            item.label,
            item.letter,
          ];
        });
      }
    };
    return tableStream(
      services,
      actor,
      params.format,
      `items-${prepared.filter.asOf}`,
      HEADERS.items[actor.language],
      read,
    );
  },
});

const agedBalanceExport = route({
  method: "GET",
  path: "/exports/aged-balance.:format",
  operationId: "exportAgedBalance",
  tag,
  permission,
  file: true,
  summary: "The aged balance as CSV or XLSX, all rows",
  params: formatParams,
  query: AgedBalanceQuery.omit({ limit: true }),
  handle: async ({ actor, params, query, services, today }) => {
    const french = actor.language === "fr";
    const { head, filter } = await services.db.transaction(actor.tenant, (tx) =>
      agedExport(tx, query.ownerId === "me" ? { ...query, ownerId: actor.id } : query, today),
    );
    const label = (bucket: { from: number | null; to: number | null }) =>
      bucket.from === null
        ? french
          ? "Non échu"
          : "Not due"
        : bucket.to === null
          ? `> ${bucket.from - 1}`
          : `${bucket.from}-${bucket.to}`;
    const headers = [
      ...(french ? ["Numéro", "Nom", "Devise", "Total", "Échu"] : ["Number", "Name", "Currency", "Total", "Overdue"]),
      ...head.buckets.map(label),
      ...(french ? ["Règlements non affectés", "Avoirs"] : ["Unapplied cash", "Credit notes"]),
    ];
    const read = async function* (tx: Tx): Batches {
      for await (const batch of streamAgedBalance(tx, filter)) {
        yield batch.map((row) => [
          row.number,
          row.name,
          row.currency,
          ...[row.total, row.overdue, ...row.buckets, row.unapplied, row.creditNotes].map((minor) =>
            moneyCell(minor, row.currency),
          ),
        ]);
      }
    };
    return tableStream(services, actor, params.format, `aged-balance-${head.asOf}`, headers, read);
  },
});

/** The head of an aged balance and the filter its rows are streamed with. */
async function agedExport(tx: Tx, query: Omit<AgedBalanceQuery, "limit">, today: CalendarDate) {
  const head = await readAgedBalance(tx, { ...query, limit: 1 }, today);
  const { value: bucketEnds } = await settingOn(tx, AGEING_BUCKETS, day(head.asOf));
  const filter: AgedFilter = {
    asOf: day(head.asOf),
    knownOn: head.knownOn ? day(head.knownOn) : undefined,
    layers: head.layers,
    by: head.by,
    companyId: query.companyId,
    customerId: query.customerId,
    customerIds: query.groupOf ? await idsOfGroup(tx, query.groupOf, query.groupKind, today) : undefined,
    ownerId: query.ownerId,
    bucketEnds,
  };
  return { head, filter };
}

const customerExport = route({
  method: "GET",
  path: "/exports/customers.:format",
  operationId: "exportCustomers",
  tag,
  permission,
  file: true,
  summary: "The list of customers as CSV or XLSX, all rows",
  params: formatParams,
  query: CustomerQuery.omit({ limit: true, cursor: true }),
  handle: async ({ actor, params, query, services }) => {
    const filter = {
      text: query.text,
      companyId: query.companyId,
      isChased: query.isChased === undefined ? undefined : query.isChased === "true",
    };
    const read = async function* (tx: Tx): Batches {
      for await (const batch of streamCustomers(tx, filter)) {
        yield batch.map((row) => [row.number, row.name, row.language, row.country, row.city, row.salesPerson]);
      }
    };
    return tableStream(services, actor, params.format, "customers", HEADERS.customers[actor.language], read);
  },
});

export const exportRoutes: Route[] = [itemExport, agedBalanceExport, customerExport];
