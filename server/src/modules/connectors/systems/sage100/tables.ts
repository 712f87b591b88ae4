import type { Kysely } from "kysely";

/** A number as the driver gives it: SQL Server as number, PostgreSQL as text. */
type Decimal = number | string;
type Instant = Date;

/** The tables and columns of Sage 100 that are read; nothing is ever written. */
export type SageTables = {
  F_COMPTET: {
    cbMarq: number;
    cbModification: Instant;
    CT_Num: string;
    CT_Intitule: string | null;
    CT_Type: number;
    CG_NumPrinc: string | null;
    CT_Adresse: string | null;
    CT_Complement: string | null;
    CT_CodePostal: string | null;
    CT_Ville: string | null;
    CT_Pays: string | null;
    CT_Siret: string | null;
    CT_Identifiant: string | null;
    CT_Telephone: string | null;
    CT_EMail: string | null;
    CT_Statistique01: string | null;
    CT_Statistique02: string | null;
    CT_Statistique03: string | null;
    CT_Statistique04: string | null;
    CT_Statistique05: string | null;
    CT_Statistique06: string | null;
    CT_Statistique07: string | null;
    CT_Statistique08: string | null;
    CT_Statistique09: string | null;
    CT_Statistique10: string | null;
  };
  F_CONTACTT: {
    cbMarq: number;
    cbModification: Instant;
    CT_Num: string;
    CT_No: number;
    CT_Nom: string | null;
    CT_Prenom: string | null;
    CT_Fonction: string | null;
    CT_Telephone: string | null;
    CT_TelPortable: string | null;
    CT_EMail: string | null;
  };
  F_ECRITUREC: {
    cbMarq: number;
    cbModification: Instant;
    EC_No: number;
    JO_Num: string;
    /** First day of the month of posting. */
    JM_Date: Instant;
    /** Day of the month. */
    EC_Jour: number;
    EC_Piece: string | null;
    EC_RefPiece: string | null;
    CG_Num: string;
    CT_Num: string | null;
    EC_Intitule: string | null;
    N_Reglement: number | null;
    EC_Echeance: Instant | null;
    /** 0 debit, 1 credit. */
    EC_Sens: number;
    EC_Montant: Decimal;
    /** 0 is the currency of the books. */
    N_Devise: number | null;
    EC_Devise: Decimal | null;
    EC_Lettre: number;
    EC_Lettrage: string | null;
    /** Not 0: a carried-forward line. */
    EC_ANType: number;
  };
  F_JOURNAUX: { JO_Num: string; JO_Type: number };
  /** Means of payment; the names of its columns are not confirmed, and it is read only where it can be. */
  P_REGLEMENT: { cbIndice: number; R_Intitule: string | null };
  F_DOCENTETE: {
    DO_Domaine: number;
    DO_Type: number;
    DO_Piece: string;
    DO_Date: Instant;
    DO_DateLivr: Instant | null;
    DO_Tiers: string;
    DO_TotalTTC: Decimal;
    N_Devise: number | null;
  };
};

export type SageDb = Kysely<SageTables>;

export const STATISTICS = [
  "CT_Statistique01",
  "CT_Statistique02",
  "CT_Statistique03",
  "CT_Statistique04",
  "CT_Statistique05",
  "CT_Statistique06",
  "CT_Statistique07",
  "CT_Statistique08",
  "CT_Statistique09",
  "CT_Statistique10",
] as const satisfies readonly (keyof SageTables["F_COMPTET"])[];
