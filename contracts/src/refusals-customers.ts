/** Refusals of the customer file: owners, mentions, flags, groups, statements. */
export const CUSTOMER_REFUSALS = {
  too_many_items: {
    status: 422,
    fr: "La liste a plus de {most} pièces : restreignez-la. Rien n’a été modifié.",
    en: "The list has more than {most} items: narrow it. Nothing was changed.",
  },
  mention_unknown: {
    status: 422,
    fr: "La note mentionne quelqu’un qui n’est pas un utilisateur actif de l’organisation. Elle n’est pas enregistrée.",
    en: "The note mentions somebody who is not an active user of the organisation. It was not saved.",
  },
  owner_unknown: {
    status: 422,
    fr: "Cette personne n’est pas un utilisateur actif de l’organisation. Rien n’a changé de main.",
    en: "This person is not an active user of the organisation. Nothing changed hands.",
  },
  taker_is_giver: {
    status: 422,
    fr: "Choisissez quelqu’un d’autre que la personne qui transmet. Rien n’a changé de main.",
    en: "Choose somebody other than the person who hands over. Nothing changed hands.",
  },
  statement_too_long: {
    status: 422,
    fr: "La situation de compte est trop longue pour un message. Choisissez une société, ou exportez-la et joignez le fichier.",
    en: "The statement is too long for a message. Choose one company, or export it and attach the file.",
  },
  statement_of_the_future: {
    status: 422,
    fr: "Une situation de compte ne peut pas être d’un jour à venir.",
    en: "A statement cannot be of a day to come.",
  },
  flag_exists: {
    status: 409,
    fr: "Ce client porte déjà ce signalement. Retirez-le d’abord pour en changer le motif.",
    en: "This customer carries that flag already. Remove it first to change its reason.",
  },
  relation_circular: {
    status: 409,
    fr: "Un groupe ne peut pas se contenir lui-même : l’autre client dépend déjà de celui-ci.",
    en: "A group cannot contain itself: the other customer already depends on this one.",
  },
};
