import { CASH_REFUSALS } from "./refusals-cash.ts";
import { CREDIT_REFUSALS } from "./refusals-credit.ts";
import { CUSTOMER_REFUSALS } from "./refusals-customers.ts";

/** One expected refusal: its HTTP status and its sentence in both languages; `{name}` is filled from the details. */
export type Refusal = { readonly status: number; readonly fr: string; readonly en: string };

const define = <Codes extends string>(catalogue: Record<Codes, Refusal>): Record<Codes, Refusal> => catalogue;

/** Every refusal of the product by code. A sentence says what failed, what is safe, what to do. */
export const REFUSALS = define({
  ...CASH_REFUSALS,
  ...CUSTOMER_REFUSALS,
  ...CREDIT_REFUSALS,
  invalid_request: {
    status: 400,
    fr: "La demande contient une valeur invalide : {detail}. Rien n’a été modifié.",
    en: "The request holds an invalid value: {detail}. Nothing was changed.",
  },
  not_signed_in: { status: 401, fr: "Connectez-vous pour continuer.", en: "Sign in to continue." },
  not_permitted: {
    status: 403,
    fr: "Votre rôle ne donne pas ce droit ({permission}). Un administrateur peut le changer.",
    en: "Your role does not give this right ({permission}). An administrator can change it.",
  },
  unknown_account: {
    status: 422,
    fr: "La ligne {line} porte sur un compte qui n’est pas dans cette société. Rien n’a été chargé.",
    en: "Line {line} names an account that is not in this company. Nothing was loaded.",
  },
  snapshot_out_of_order: {
    status: 409,
    fr: "Une situation du {last} est déjà chargée : une situation plus ancienne ({asOf}) ne peut plus l’être. Annulez d’abord la plus récente.",
    en: "A snapshot of {last} is already loaded: an older one ({asOf}) can no longer be. Undo the newer one first.",
  },
  duplicate_source_key: {
    status: 422,
    fr: "La ligne {line} répète la clé {key}, déjà présente dans le fichier. Rien n’a été chargé.",
    en: "Line {line} repeats the key {key}, which is in the file already. Nothing was loaded.",
  },
  batch_not_last: {
    status: 409,
    fr: "Seul le dernier chargement d’une source peut être annulé. Annulez d’abord les suivants.",
    en: "Only the last load of a source can be undone. Undo the later ones first.",
  },
  batch_in_use: {
    status: 409,
    fr: "Des messages reposent sur ce chargement : il ne peut plus être annulé. Chargez un fichier corrigé.",
    en: "Messages rest on this load: it can no longer be undone. Load a corrected file.",
  },
  record_source_in_use: {
    status: 409,
    fr: "Le grand livre de cette société vient déjà de « {name} ». Annulez ses chargements, du dernier au premier, puis changez de source de référence.",
    en: "This company’s ledger already comes from “{name}”. Undo its loads, last first, then change the source of record.",
  },
  unknown_connector: {
    status: 422,
    fr: "Aucun connecteur ne s’appelle « {connector} ».",
    en: "There is no connector called “{connector}”.",
  },
  setting_wrong: {
    status: 422,
    fr: "Le réglage « {setting} » manque ou n’a pas la bonne forme. Rien n’a été enregistré.",
    en: "The setting “{setting}” is missing or not of the right kind. Nothing was saved.",
  },
  too_many_companies: {
    status: 422,
    fr: "Une source de ce connecteur alimente {most} sociétés au plus.",
    en: "A source of this connector feeds at most {most} companies.",
  },
  part_repeated: {
    status: 422,
    fr: "Deux sociétés lisent la même partie de la source (« {part} ») : chacune doit avoir la sienne.",
    en: "Two companies read the same part of the source (“{part}”): each needs its own.",
  },
  sync_running: {
    status: 409,
    fr: "Une synchronisation de cette source est déjà en cours. Attendez sa fin.",
    en: "A synchronisation of this source is already under way. Wait for its end.",
  },
  source_is_pushed: {
    status: 409,
    fr: "Cette source est alimentée par un programme extérieur : c’est lui qui ouvre ses synchronisations.",
    en: "This source is fed by an outside program: it opens its own synchronisations.",
  },
  source_without_company: {
    status: 409,
    fr: "Cette source n’alimente encore aucune société. Choisissez-en une.",
    en: "This source feeds no company yet. Choose one.",
  },
  source_not_pushed: {
    status: 409,
    fr: "Cette source lit elle-même son système : rien ne peut y être poussé.",
    en: "This source reads its system by itself: nothing can be pushed to it.",
  },
  coverage_incomplete: {
    status: 422,
    fr: "Une situation ouverte demande son jour (asOf), une couverture complète sa période (from, to).",
    en: "An open snapshot needs its day (asOf), a full coverage its period (from, to).",
  },
  sync_not_open: {
    status: 409,
    fr: "Cette synchronisation n’est plus ouverte : ouvrez-en une nouvelle.",
    en: "This run is no longer open: open a new one.",
  },
  pushed_rows_refused: {
    status: 409,
    fr: "{count} lignes ont été refusées et n’ont pas été renvoyées correctes. Renvoyez-les, ou fermez avec skipRefused si la couverture est en mouvements.",
    en: "{count} rows were refused and not sent again, right. Send them again, or close with skipRefused where the coverage is movements.",
  },
  webhook_url: {
    status: 422,
    fr: "L’adresse doit commencer par https:// et ne porter ni nom ni mot de passe.",
    en: "The address must begin with https:// and carry no name or password.",
  },
  source_silent: {
    status: 409,
    fr: "La source ne dit rien de ce champ ({field}) : il n’y a rien à reprendre.",
    en: "The source says nothing about this field ({field}): there is nothing to take back.",
  },
  invalid_siren: {
    status: 422,
    fr: "« {value} » n’est pas un SIREN (9 chiffres) ni un SIRET (14 chiffres) : la clé de contrôle ne correspond pas. Rien n’a été modifié.",
    en: "“{value}” is neither a SIREN (9 digits) nor a SIRET (14 digits): its check digit does not fit. Nothing was changed.",
  },
  invalid_vat_number: {
    status: 422,
    fr: "« {value} » n’est pas un numéro de TVA valide. Écrivez-le avec le code du pays, par exemple FR44732829320. Rien n’a été modifié.",
    en: "“{value}” is not a valid VAT number. Write it with its country code, for example FR44732829320. Nothing was changed.",
  },
  invalid_iban: {
    status: 422,
    fr: "« {value} » n’est pas un IBAN valide : la clé de contrôle ne correspond pas. Rien n’a été modifié.",
    en: "“{value}” is not a valid IBAN: its check digits do not fit. Nothing was changed.",
  },
  duplicate_field: {
    status: 409,
    fr: "Un champ libre porte déjà le nom technique {key}. Choisissez-en un autre.",
    en: "A free field already has the technical name {key}. Choose another.",
  },
  field_fixed: {
    status: 409,
    fr: "Le nom technique et le type d’un champ libre ne changent plus : des filtres et des valeurs reposent dessus. Mettez-le hors service et créez-en un autre.",
    en: "The technical name and the type of a free field no longer change: filters and values rest on them. Put it out of use and create another.",
  },
  field_value_invalid: {
    status: 422,
    fr: "La valeur du champ {field} ne convient pas à son type. Rien n’a été modifié.",
    en: "The value of the field {field} does not fit its type. Nothing was changed.",
  },
  merge_refused: {
    status: 409,
    fr: "Ces deux clients ne peuvent pas être fusionnés ou séparés : c’est le même, ou l’un des deux est déjà fusionné dans un autre.",
    en: "These two customers cannot be merged or taken apart: they are the same, or one of them is already merged into another.",
  },
  not_found: {
    status: 404,
    fr: "Cet élément n’existe pas ou n’existe plus.",
    en: "This does not exist, or no longer does.",
  },
  stale_version: {
    status: 412,
    fr: "Quelqu’un a modifié cet élément entre-temps. Voici son état actuel ; reprenez votre changement.",
    en: "Somebody changed this in the meantime. Here is its present state; make your change again.",
  },
  version_required: {
    status: 428,
    fr: "Indiquez la version modifiée dans l’en-tête If-Match.",
    en: "Say which version is changed in the If-Match header.",
  },
  idempotency_key_reused: {
    status: 409,
    fr: "Cette clé d’idempotence a déjà servi pour une autre demande.",
    en: "This idempotency key was already used for another request.",
  },
  request_in_progress: {
    status: 409,
    fr: "La même demande est déjà en cours de traitement.",
    en: "The same request is already being processed.",
  },
  too_large: {
    status: 413,
    fr: "Le fichier dépasse la taille permise ({limit}).",
    en: "The file is larger than allowed ({limit}).",
  },
  too_many_requests: {
    status: 429,
    fr: "Trop de demandes. Réessayez dans {seconds} s.",
    en: "Too many requests. Try again in {seconds} s.",
  },
  unavailable: {
    status: 503,
    fr: "La base de données n’a pas répondu. Rien n’a été modifié. Réessayez dans un instant.",
    en: "The database did not answer. Nothing was changed. Try again in a moment.",
  },
  disk_full: {
    status: 507,
    fr: "Il n’y a plus de place sur le disque. Rien n’a été modifié ; prévenez votre administrateur.",
    en: "There is no space left on the disk. Nothing was changed; tell your administrator.",
  },
  fault: {
    status: 500,
    fr: "Une erreur du programme a interrompu la demande. Rien n’a été modifié. Référence : {reference}.",
    en: "A fault in the program stopped the request. Nothing was changed. Reference: {reference}.",
  },
  duplicate_code: { status: 409, fr: "Le code « {code} » est déjà utilisé.", en: "The code “{code}” is already used." },
  duplicate_number: {
    status: 409,
    fr: "Le numéro de client « {number} » est déjà utilisé.",
    en: "The customer number “{number}” is already used.",
  },
  company_has_items: {
    status: 409,
    fr: "La devise de tenue de compte ne change plus une fois que la société a des pièces.",
    en: "The book currency cannot change once the company has items.",
  },
  unknown_currency: {
    status: 422,
    fr: "« {value} » n’est pas une devise connue.",
    en: "“{value}” is not a known currency.",
  },
  invalid_email: {
    status: 422,
    fr: "« {value} » n’est pas une adresse e-mail valide.",
    en: "“{value}” is not a valid e-mail address.",
  },
  invalid_phone: {
    status: 422,
    fr: "« {value} » n’est pas un numéro de téléphone valide.",
    en: "“{value}” is not a valid phone number.",
  },
  user_exists: {
    status: 409,
    fr: "{email} fait déjà partie de l’organisation.",
    en: "{email} already belongs to the organisation.",
  },
  invitation_invalid: {
    status: 410,
    fr: "Cette invitation a expiré, a été retirée ou a déjà servi. Demandez-en une nouvelle.",
    en: "This invitation has expired, was withdrawn or was already used. Ask for a new one.",
  },
  last_administrator: {
    status: 409,
    fr: "C’est le dernier administrateur : nommez-en un autre d’abord.",
    en: "This is the last administrator: name another one first.",
  },
  password_too_short: {
    status: 422,
    fr: "Le mot de passe doit compter au moins {length} caractères.",
    en: "The password needs at least {length} characters.",
  },
  api_key_scope: {
    status: 422,
    fr: "Une clé ne peut pas donner un droit que vous n’avez pas ({permission}).",
    en: "A key cannot give a right that you do not have ({permission}).",
  },
  filter_invalid: {
    status: 422,
    fr: "Ce filtre ne peut pas être appliqué : {detail}.",
    en: "This filter cannot be applied: {detail}.",
  },
  file_refused: {
    status: 422,
    fr: "Ce fichier ne peut pas être lu. {detail} Rien n’a été modifié.",
    en: "This file cannot be read. {detail} Nothing was changed.",
  },
  import_not_open: {
    status: 409,
    fr: "Cet import est déjà appliqué, annulé ou en cours.",
    en: "This import is already applied, undone or under way.",
  },
  file_gone: {
    status: 410,
    fr: "Le fichier n’est plus conservé ; déposez-le à nouveau.",
    en: "The file is no longer kept; drop it again.",
  },
  unknown_company: { status: 422, fr: "Cette société n’existe pas.", en: "This company does not exist." },
  mapping_wrong: {
    status: 422,
    fr: "Association de colonnes invalide : {detail}.",
    en: "Invalid column mapping: {detail}.",
  },
  rates_unreadable: {
    status: 422,
    fr: "Cours illisible à la ligne {line} : « {value} ». Rien n’a été modifié.",
    en: "Unreadable rate on line {line}: “{value}”. Nothing was changed.",
  },
  run_in_future: {
    status: 422,
    fr: "Un envoi ne se prépare pas pour un jour à venir ({day}). L’aperçu, lui, le permet.",
    en: "A run cannot be planned for a day to come ({day}). The preview can.",
  },
  day_planned: { status: 409, fr: "Le {day} est déjà préparé.", en: "{day} is planned already." },
  run_not_under_review: {
    status: 409,
    fr: "Cet envoi n’est plus à contrôler ({state}). Rien n’a été modifié.",
    en: "This run is no longer under review ({state}). Nothing was changed.",
  },
  count_changed: {
    status: 409,
    fr: "Le nombre a changé entre-temps : {count}. Vérifiez, puis recommencez.",
    en: "The number has changed in the meantime: {count}. Check, then try again.",
  },
  nothing_to_approve: {
    status: 409,
    fr: "Aucun message n’attend d’être approuvé.",
    en: "No message waits for approval.",
  },
  nothing_to_undo: {
    status: 409,
    fr: "Plus aucun message de cet envoi n’est en attente de départ.",
    en: "No message of this run is waiting to leave any more.",
  },
  last_item: {
    status: 422,
    fr: "C’est la dernière pièce du message : écartez plutôt le client.",
    en: "This is the last item of the message: exclude the customer instead.",
  },
  scenario_invalid: {
    status: 422,
    fr: "Le scénario ne peut pas être enregistré : {fault} ({path}). Rien n’a été modifié.",
    en: "The scenario cannot be saved: {fault} ({path}). Nothing was changed.",
  },
  valid_from_in_past: {
    status: 422,
    fr: "Une version ne prend effet qu’à partir d’aujourd’hui ({day} est passé).",
    en: "A version takes effect today at the earliest ({day} has passed).",
  },
  stop_ends_before_it_begins: {
    status: 422,
    fr: "La suspension finirait avant de commencer.",
    en: "The stop would end before it begins.",
  },
  template_invalid: {
    status: 422,
    fr: "Le modèle ne peut pas être enregistré : {fault} « {value} » ({path}). Rien n’a été modifié.",
    en: "The template cannot be saved: {fault} “{value}” ({path}). Nothing was changed.",
  },
  message_not_in_doubt: {
    status: 409,
    fr: "Ce message n’est plus en doute ({state}).",
    en: "This message is no longer in doubt ({state}).",
  },
  message_left_already: {
    status: 409,
    fr: "Ce message est déjà parti ou en train de partir ({state}).",
    en: "This message has left or is leaving ({state}).",
  },
  message_empty: { status: 422, fr: "Le message est vide.", en: "The message is empty." },
  channel_not_set: {
    status: 409,
    fr: "Aucun serveur d’envoi n’est réglé.",
    en: "No mail server is set.",
  },
  channel_already_armed: {
    status: 409,
    fr: "L’envoi réel est déjà activé.",
    en: "Real sending is already on.",
  },
  expiry_in_past: { status: 422, fr: "La date de fin est déjà passée.", en: "The end date has already passed." },
});

/** The sentence of a refusal in a language, with its details filled in. */
export function refusalText(
  code: string,
  language: "fr" | "en",
  details: Readonly<Record<string, string | number>> = {},
): string {
  const refusal = (REFUSALS as Readonly<Record<string, Refusal>>)[code];
  if (!refusal) return code;
  return refusal[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ""));
}
