import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { PlainLine } from "../../../connector/testing/conformance.ts";
import type { SageTables } from "../tables.ts";

const TIMESTAMP = 1114;

/** Days and instants of Sage have no zone: both drivers read and write them as UTC. */
pg.defaults.parseInputDatesAsUTC = true;

/** For tests: Sage's tables in schemas of a PostgreSQL, one schema a company's database. */
export function sageBooks(ownerUrl: string) {
  const admin = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  admin.on("error", () => {});
  const opened = new Set<string>();
  let clock = Date.UTC(2026, 0, 1);
  const make = async (schema: string) => {
    if (opened.has(schema)) return;
    opened.add(schema);
    const statistics = Array.from({ length: 10 }, (_, n) => `"CT_Statistique${String(n + 1).padStart(2, "0")}" text`);
    await admin.query(`create schema "${schema}"`);
    await admin.query(`
      create table "${schema}"."F_COMPTET" ("cbMarq" serial, "cbModification" timestamp, "CT_Num" varchar(17) primary key, "CT_Intitule" text,
        "CT_Type" smallint, "CG_NumPrinc" text, "CT_Adresse" text, "CT_Complement" text, "CT_CodePostal" text, "CT_Ville" text, "CT_Pays" text,
        "CT_Siret" text, "CT_Identifiant" text, "CT_Telephone" text, "CT_EMail" text, ${statistics.join(", ")});
      create table "${schema}"."F_CONTACTT" ("cbMarq" serial primary key, "cbModification" timestamp, "CT_Num" varchar(17), "CT_No" int, "CT_Nom" text,
        "CT_Prenom" text, "CT_Fonction" text, "CT_Telephone" text, "CT_TelPortable" text, "CT_EMail" text);
      create table "${schema}"."F_ECRITUREC" ("cbMarq" serial, "cbModification" timestamp, "EC_No" int primary key, "JO_Num" text, "JM_Date" timestamp,
        "EC_Jour" smallint, "EC_Piece" text, "EC_RefPiece" text, "CG_Num" text, "CT_Num" text, "EC_Intitule" text, "N_Reglement" smallint,
        "EC_Echeance" timestamp, "EC_Sens" smallint, "EC_Montant" numeric(24, 6), "N_Devise" smallint, "EC_Devise" numeric(24, 6),
        "EC_Lettre" smallint, "EC_Lettrage" text, "EC_ANType" smallint);
      create table "${schema}"."F_JOURNAUX" ("JO_Num" text primary key, "JO_Type" smallint);
      create table "${schema}"."P_REGLEMENT" ("cbIndice" smallint, "R_Intitule" text);
      create table "${schema}"."F_DOCENTETE" ("DO_Domaine" smallint, "DO_Type" smallint, "DO_Piece" text, "DO_Date" timestamp, "DO_DateLivr" timestamp,
        "DO_Tiers" text, "DO_TotalTTC" numeric(24, 6), "N_Devise" smallint);
      insert into "${schema}"."F_JOURNAUX" values ('VE', 1), ('BQ', 2), ('OD', 3);
      insert into "${schema}"."P_REGLEMENT" values (1, 'Virement'), (2, 'Prélèvement');`);
  };
  const numbers = new Map<string, number>();
  const numberOf = (schema: string, id: string) => {
    const key = `${schema} ${id}`;
    const known = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, known);
    return known;
  };
  const stamp = () => {
    clock += 3_600_000;
    return new Date(clock);
  };
  const books = {
    query: (text: string, values: unknown[] = []) => admin.query(text, values),
    stamp,
    make,
    /** Makes the entries exactly these; only what differs gets a new stamp, as Sage does it. */
    hold: async (schema: string, lines: readonly PlainLine[]) => {
      await make(schema);
      const at = stamp();
      for (const customer of new Set(lines.map((one) => one.customer)))
        await admin.query(
          `insert into "${schema}"."F_COMPTET" ("CT_Num", "CT_Intitule", "CT_Type", "cbModification") values ($1, $2, 0, $3) on conflict do nothing`,
          [customer, `Customer ${customer}`, at],
        );
      const kept = lines.map((one) => numberOf(schema, one.id));
      await admin.query(`delete from "${schema}"."F_ECRITUREC" where "EC_No" <> all($1::int[])`, [kept]);
      for (const one of lines) {
        const sens = one.cents < 0 ? 1 : 0;
        await admin.query(
          `insert into "${schema}"."F_ECRITUREC" as e ("EC_No", "JO_Num", "JM_Date", "EC_Jour", "EC_RefPiece", "CG_Num", "CT_Num", "EC_Intitule",
             "EC_Echeance", "EC_Sens", "EC_Montant", "N_Devise", "EC_Lettre", "EC_Lettrage", "EC_ANType", "cbModification")
           values ($1, $2, $3, $4, $5, '411000', $6, $5, $7, $8, $9, 0, $10, $11, 0, $12)
           on conflict ("EC_No") do update set "JM_Date" = excluded."JM_Date", "EC_Jour" = excluded."EC_Jour", "CT_Num" = excluded."CT_Num",
             "EC_Echeance" = excluded."EC_Echeance", "EC_Sens" = excluded."EC_Sens", "EC_Montant" = excluded."EC_Montant",
             "EC_Lettre" = excluded."EC_Lettre", "EC_Lettrage" = excluded."EC_Lettrage", "cbModification" = excluded."cbModification"
           where (e."JM_Date", e."EC_Jour", e."CT_Num", e."EC_Echeance", e."EC_Sens", e."EC_Montant", e."EC_Lettrage") is distinct from
             (excluded."JM_Date", excluded."EC_Jour", excluded."CT_Num", excluded."EC_Echeance", excluded."EC_Sens", excluded."EC_Montant",
              excluded."EC_Lettrage")`,
          [
            numberOf(schema, one.id),
            sens === 1 ? "BQ" : "VE",
            `${one.day.slice(0, 8)}01`,
            Number(one.day.slice(8)),
            one.document,
            one.customer,
            one.due,
            sens,
            (Math.abs(one.cents) / 100).toFixed(2),
            one.letter === null ? 0 : 1,
            one.letter ?? "",
            at,
          ],
        );
      }
    },
    /** Many entries at once, all of one stamp. */
    bulk: async (schema: string, lines: readonly PlainLine[]) => {
      await make(schema);
      const at = stamp();
      await admin.query(
        `insert into "${schema}"."F_COMPTET" ("CT_Num", "CT_Intitule", "CT_Type", "cbModification")
         select distinct l.customer, 'Customer ' || l.customer, 0, $2::timestamp from json_to_recordset($1) as l (customer text)`,
        [JSON.stringify(lines), at],
      );
      await admin.query(
        `insert into "${schema}"."F_ECRITUREC" ("EC_No", "JO_Num", "JM_Date", "EC_Jour", "EC_RefPiece", "CG_Num", "CT_Num", "EC_Echeance", "EC_Sens",
           "EC_Montant", "N_Devise", "EC_Lettre", "EC_Lettrage", "EC_ANType", "cbModification")
         select row_number() over (), 'VE', date_trunc('month', l.day), extract(day from l.day), l.document, '411000', l.customer, l.due,
                (l.cents < 0)::int, abs(l.cents) / 100.0, 0, 0, '', 0, $2::timestamp
         from json_to_recordset($1) as l (customer text, document text, day date, due date, cents int)`,
        [JSON.stringify(lines), at],
      );
    },
    open: async (_context: unknown, schema: string, isMade = false) => {
      if (!isMade) await make(schema);
      const pool = new pg.Pool({
        connectionString: ownerUrl,
        max: 2,
        options: `-c search_path="${schema}"`,
        types: {
          getTypeParser: ((oid: number, format?: "text" | "binary") =>
            oid === TIMESTAMP
              ? (value: string) => new Date(`${value.replace(" ", "T")}Z`)
              : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
        },
      });
      pool.on("error", () => {});
      const db = new Kysely<SageTables>({ dialect: new PostgresDialect({ pool }) });
      return { db, close: () => db.destroy() };
    },
    close: () => admin.end(),
  };
  return books;
}
