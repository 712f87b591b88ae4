import { fold } from "#kernel/text.ts";
import type { Random } from "./random.ts";

const FIRST =
  "Atelier,Maison,Comptoir,Établissements,Société,Groupe,Les Ateliers,La Fabrique,Les Jardins,Manufacture,Cave,Transports,Imprimerie,Menuiserie,Boulangerie,Librairie,Garage,Clinique,Pharmacie,Domaine".split(
    ",",
  );
const SECOND =
  "du Lac,des Alizés,de l’Orme,Bellecour,du Parc,Saint-Michel,des Quais,de la Tour,du Marché,des Lilas,Beaumont,Cévennes,Armor,Méditerranée,du Ponant,des Volcans,Ventoux,Lubéron,Opale,Vercors,Périgord,Camargue,Gâtinais,Quercy,Béarn,Forez".split(
    ",",
  );
const THIRD =
  "Distribution,Services,Industrie,Bâtiment,Énergie,Conseil,Équipement,Négoce,Logistique,Agencement,Froid,Textile,Bois,Métal,Santé,Hôtellerie,Restauration,Frais,Bio,Numérique".split(
    ",",
  );
const FORM = ["SAS", "SARL", "SA", "SNC", "& Fils", "& Associés", ""];

export const FIRST_NAMES =
  "Camille,Léa,Manon,Chloé,Inès,Jade,Louise,Sarah,Nadia,Élodie,Hugo,Lucas,Théo,Nathan,Karim,Julien,Antoine,Maxime,Étienne,Rémi,Aïcha,Noémie,Zoé,Gaëlle,Loïc,Benoît".split(
    ",",
  );
export const LAST_NAMES =
  "Martin,Bernard,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefèvre,Michel,Garcia,David,Bertrand,Roux,Vincent,Fournier,Morel,Girard,Mercier,Dupuis,Lambert,Bonnet,François,Benali,Nguyen,Lopez,Fabre,Picard,Caron".split(
    ",",
  );
export const CITIES: readonly { name: string; postalCode: string }[] = [
  { name: "Lyon", postalCode: "69002" },
  { name: "Paris", postalCode: "75011" },
  { name: "Nantes", postalCode: "44000" },
  { name: "Lille", postalCode: "59000" },
  { name: "Bordeaux", postalCode: "33000" },
  { name: "Toulouse", postalCode: "31000" },
  { name: "Grenoble", postalCode: "38000" },
  { name: "Strasbourg", postalCode: "67000" },
  { name: "Rennes", postalCode: "35000" },
  { name: "Montpellier", postalCode: "34000" },
  { name: "Saint-Étienne", postalCode: "42000" },
  { name: "Angers", postalCode: "49000" },
];

/** An invented company name, unique through its number when the words run out. */
export function companyName(random: Random, index: number): string {
  const words = random.chance(0.5)
    ? [random.pick(FIRST), random.pick(SECOND)]
    : [random.pick(SECOND).replace(/^(du |des |de la |de l’)/, ""), random.pick(THIRD)];
  const name = [...words, random.pick(FORM)].filter(Boolean).join(" ");
  return index < 200 || random.chance(0.4) ? name : `${name} ${String(index).slice(-3)}`;
}

export const slug = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
