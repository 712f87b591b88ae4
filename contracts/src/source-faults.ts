import { importFaultText } from "./import-faults.ts";

type Text = { readonly fr: string; readonly en: string };

/** Why a source was not read, by code; `{detail}` is filled in. */
const TEXTS: Readonly<Record<string, Text>> = {
  unreachable: {
    fr: "Le système ne répond pas à cette adresse : {detail}. Un nouvel essai suivra.",
    en: "The system cannot be reached at this address: {detail}. It will be tried again.",
  },
  refused_credentials: {
    fr: "Le système refuse l’identifiant ou le mot de passe ({detail}). Corrigez-les puis relancez.",
    en: "The system refuses the user name or password ({detail}). Correct them, then run again.",
  },
  host_key_unknown: {
    fr: "Le serveur présente la clé {detail}. Vérifiez-la auprès de son administrateur, puis copiez-la dans le réglage « clé du serveur ».",
    en: "The server shows the key {detail}. Check it with its administrator, then copy it into the setting “server key”.",
  },
  host_key_changed: {
    fr: "Le serveur ne présente pas la clé attendue ({detail}). Vérifiez auprès de son administrateur avant de l’accepter.",
    en: "The server does not show the expected key ({detail}). Check with its administrator before you accept it.",
  },
  not_allowed: {
    fr: "Cet emplacement n’est pas permis : {detail}. L’exploitant peut l’autoriser (ENCOURS_OUTSIDE_ALLOW pour une adresse, ENCOURS_FOLDERS pour un dossier).",
    en: "This place is not allowed: {detail}. The operator can allow it (ENCOURS_OUTSIDE_ALLOW for an address, ENCOURS_FOLDERS for a folder).",
  },
  not_found: { fr: "Introuvable : {detail}.", en: "Not found: {detail}." },
  setting_wrong: { fr: "Un réglage est faux : {detail}.", en: "A setting is wrong: {detail}." },
  no_answer: {
    fr: "Le système a cessé de répondre ({detail}). Un nouvel essai suivra.",
    en: "The system stopped answering ({detail}). It will be tried again.",
  },
  unexpected: {
    fr: "Le système a répondu autrement que prévu : {detail}. Un nouvel essai suivra.",
    en: "The system answered in an unexpected way: {detail}. It will be tried again.",
  },
  cut: {
    fr: "La synchronisation a été coupée et n’a pas repris. Ce qui était appliqué l’est resté ; relancez-la.",
    en: "The synchronisation was cut and did not resume. What was applied stayed so; run it again.",
  },
  fault: {
    fr: "Un défaut d’Encours a arrêté la synchronisation. Ce qui était appliqué l’est resté ; un nouvel essai suivra.",
    en: "A fault of Encours stopped the synchronisation. What was applied stayed so; it will be tried again.",
  },
};

/** Why a pushed row is refused. */
const PUSH_TEXTS: Readonly<Record<string, Text>> = {
  row_invalid: {
    fr: "La ligne n’a pas la forme attendue : {detail}.",
    en: "The row is not of the expected shape: {detail}.",
  },
  company_not_fed: {
    fr: "La source n’alimente pas de société « {detail} » (ou la ligne doit dire laquelle).",
    en: "The source feeds no company “{detail}” (or the row must say which one).",
  },
};

export const pushFaultText = (code: string, language: "fr" | "en", detail: string): string =>
  PUSH_TEXTS[code]?.[language].replace("{detail}", detail) ??
  importFaultText(code, language, { value: detail, column: "", count: null });

/** The sentence of a fault in a language; codes of imports are known too. */
export function sourceFaultText(code: string, language: "fr" | "en", detail: string): string {
  const text = TEXTS[code]?.[language];
  if (text !== undefined) return text.replace("{detail}", detail);
  return importFaultText(code, language, { value: detail, count: detail });
}
