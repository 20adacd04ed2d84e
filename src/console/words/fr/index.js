import { failures } from './failures.js'
import { imports } from './imports.js'
import { people } from './people.js'
import { status } from './status.js'

/** All that is said on these pages, in French. */
export const fr = {
  again: 'Réessayer',
  cancel: 'Annuler',
  back: 'Retour',
  close: 'Fermer',
  loading: 'Chargement…',
  pager: {
    before: 'Précédentes',
    next: 'Suivantes',
    /** @param {string} from @param {string} to @param {string} all */
    shown: (from, to, all) => `${from} à ${to} sur ${all}`,
  },
  reload:
    'Cette partie de la page n’a pas pu être chargée : la passerelle est absente, ou a été renouvelée entre-temps.',
  units: {
    /** @param {string} n */
    kilobytes: (n) => `${n} Ko`,
    /** @param {string} n */
    megabytes: (n) => `${n} Mo`,
    /** @param {string} n */
    msText: (n) => `${n} ms`,
    /** @param {string} n */
    secondsText: (n) => `${n} s`,
    /** @param {string} n */
    minutesText: (n) => `${n} min`,
    /** @param {string} n */
    hoursText: (n) => `${n} h`,
  },
  frame: {
    skip: 'Aller au contenu',
    areas: 'Rubriques',
    imports: 'Import',
    people: 'Personnes',
    status: 'État',
    language: 'Langue',
    whose: 'La clé appartient à ce client',
    signOut: 'Se déconnecter',
    opening: 'Ouverture…',
  },
  key: {
    title: 'Connexion',
    lead: 'Collez votre clé. Elle dit ce que vous pouvez faire ici.',
    label: 'Clé',
    go: 'Continuer',
    asking: 'Vérification…',
    kept: 'La clé reste dans cet onglet et est oubliée quand vous le fermez. Vous n’en avez pas ? Demandez-la à la personne qui exploite la passerelle.',
    again: 'Votre clé n’est plus acceptée',
    stays: 'Collez une clé valide. Ce que vous avez saisi et choisi est toujours là.',
    leave: 'Se déconnecter et tout perdre',
  },
  failures,
  imports,
  people,
  status,
}
