import { sql } from "kysely";
import { type SageDb, STATISTICS } from "./tables.ts";

// Queries without a dialect: what they are built from compiles for SQL Server and for PostgreSQL alike (fetch instead of top or limit, no function of
// either). Pages follow a key, so that a database which is written to meanwhile is neither skipped nor read twice.

const PAGE = 2_000;

/** Which accounts are customers': prefixes of the general account. */
export type Reading = {
  readonly prefixes: readonly string[];
  /** Rows changed at this instant or later; absent: all. */
  readonly since?: Date | undefined;
  /** Carried-forward lines after this day repeat what stands already. */
  readonly firstMonth: Date | undefined;
};

const CUSTOMER = 0;
const SALES = 0;
/** Order, preparation, delivery: not invoiced yet. */
const OPEN_DOCUMENTS = [1, 2, 3];

/** The first month in which anything was posted that is no carried-forward line. */
export async function firstMonth(db: SageDb): Promise<Date | undefined> {
  const row = await db
    .selectFrom("F_ECRITUREC")
    .select((eb) => eb.fn.min("JM_Date").as("first"))
    .where("EC_ANType", "=", 0)
    .executeTakeFirst();
  return row?.first ?? undefined;
}

/** The last change of any of the tables; what a run reads up to at least. */
export async function lastChange(db: SageDb): Promise<Date | undefined> {
  const of = async (table: "F_ECRITUREC" | "F_COMPTET" | "F_CONTACTT") =>
    (
      await db
        .selectFrom(table)
        .select((eb) => eb.fn.max("cbModification").as("last"))
        .executeTakeFirst()
    )?.last ?? undefined;
  const found = [await of("F_ECRITUREC"), await of("F_COMPTET"), await of("F_CONTACTT")].flatMap((one) => one ?? []);
  return found.sort((a, b) => b.getTime() - a.getTime())[0];
}

function ofReceivables(db: SageDb, reading: Reading) {
  const { prefixes, firstMonth: first } = reading;
  return db
    .selectFrom("F_ECRITUREC as e")
    .where((eb) => eb.or(prefixes.map((prefix) => eb("e.CG_Num", "like", `${prefix}%`))))
    .where((eb) => eb.or([eb("e.EC_ANType", "=", 0), ...(first ? [eb("e.JM_Date", "<=", first)] : [])]));
}

/** One page of entries after a key. */
export const entriesAfter = (db: SageDb, reading: Reading, after: number) =>
  ofReceivables(db, reading)
    .leftJoin("F_COMPTET as c", "c.CT_Num", "e.CT_Num")
    .leftJoin("F_JOURNAUX as j", "j.JO_Num", "e.JO_Num")
    .select([
      "e.EC_No",
      "e.JO_Num",
      "e.JM_Date",
      "e.EC_Jour",
      "e.EC_Piece",
      "e.EC_RefPiece",
      "e.CG_Num",
      "e.CT_Num",
      "e.EC_Intitule",
      "e.N_Reglement",
      "e.EC_Echeance",
      "e.EC_Sens",
      "e.EC_Montant",
      "e.N_Devise",
      "e.EC_Devise",
      "e.EC_Lettre",
      "e.EC_Lettrage",
      "e.EC_ANType",
      "c.CT_Intitule",
      "j.JO_Type",
    ])
    .where("e.EC_No", ">", after)
    .$if(reading.since !== undefined, (query) => query.where("e.cbModification", ">=", reading.since as Date))
    .orderBy("e.EC_No")
    .offset(0)
    .fetch(PAGE);

export type EntryRow = Awaited<ReturnType<ReturnType<typeof entriesAfter>["execute"]>>[number];

/** One page of the keys that still exist. */
export const keysAfter = (db: SageDb, reading: Reading, after: number) =>
  ofReceivables(db, reading)
    .select("e.EC_No")
    .where("e.EC_No", ">", after)
    .orderBy("e.EC_No")
    .offset(0)
    .fetch(PAGE * 5);

/** Debit − credit of every account, all entries that are read. */
export const balances = (db: SageDb, reading: Reading) =>
  ofReceivables(db, reading)
    .select(["e.CG_Num", "e.CT_Num"])
    .select((eb) =>
      eb.fn
        .sum(
          eb
            .case()
            .when("e.EC_Sens", "=", 0)
            .then(eb.ref("e.EC_Montant"))
            .else(sql<number>`-${eb.ref("e.EC_Montant")}`)
            .end(),
        )
        .as("balance"),
    )
    .groupBy(["e.CG_Num", "e.CT_Num"]);

/** One page of customers after a key. */
export const customersAfter = (db: SageDb, since: Date | undefined, after: string) =>
  db
    .selectFrom("F_COMPTET")
    .select([
      "CT_Num",
      "CT_Intitule",
      "CT_Adresse",
      "CT_Complement",
      "CT_CodePostal",
      "CT_Ville",
      "CT_Pays",
      "CT_Siret",
      "CT_Identifiant",
      "CT_Telephone",
      "CT_EMail",
      ...STATISTICS,
    ])
    .where("CT_Type", "=", CUSTOMER)
    .where("CT_Num", ">", after)
    .$if(since !== undefined, (query) => query.where("cbModification", ">=", since as Date))
    .orderBy("CT_Num")
    .offset(0)
    .fetch(PAGE);

export type CustomerRow = Awaited<ReturnType<ReturnType<typeof customersAfter>["execute"]>>[number];

/** One page of contacts of customers after a key. */
export const contactsAfter = (db: SageDb, since: Date | undefined, after: number) =>
  db
    .selectFrom("F_CONTACTT as k")
    .innerJoin("F_COMPTET as c", "c.CT_Num", "k.CT_Num")
    .select([
      "k.cbMarq",
      "k.CT_Num",
      "k.CT_No",
      "k.CT_Nom",
      "k.CT_Prenom",
      "k.CT_Fonction",
      "k.CT_Telephone",
      "k.CT_TelPortable",
      "k.CT_EMail",
    ])
    .where("c.CT_Type", "=", CUSTOMER)
    .where("k.cbMarq", ">", after)
    .$if(since !== undefined, (query) => query.where("k.cbModification", ">=", since as Date))
    .orderBy("k.cbMarq")
    .offset(0)
    .fetch(PAGE);

export type ContactRow = Awaited<ReturnType<ReturnType<typeof contactsAfter>["execute"]>>[number];

/** Sales documents that are not invoiced yet: few, and read whole each time. */
export const openDocuments = (db: SageDb) =>
  db
    .selectFrom("F_DOCENTETE")
    .select(["DO_Type", "DO_Piece", "DO_Date", "DO_DateLivr", "DO_Tiers", "DO_TotalTTC", "N_Devise"])
    .where("DO_Domaine", "=", SALES)
    .where("DO_Type", "in", OPEN_DOCUMENTS)
    .orderBy("DO_Type")
    .orderBy("DO_Piece");

export type DocumentRow = Awaited<ReturnType<ReturnType<typeof openDocuments>["execute"]>>[number];

/** Names of the means of payment; their table is not confirmed, so a database without it has numbers only. */
export const paymentMethods = (db: SageDb) => db.selectFrom("P_REGLEMENT").select(["cbIndice", "R_Intitule"]);

/** Databases of the server, for a person to choose from; only SQL Server has this list. */
export async function databases(db: SageDb): Promise<string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from sys.databases where database_id > 4 order by name`.execute(db);
  return rows.map((row) => row.name).slice(0, 200);
}
