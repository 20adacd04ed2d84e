import { computed, signal } from '@preact/signals'
import { keepHere, recall } from '../kept-here.js'
import { en } from './en/index.js'
import { fr } from './fr/index.js'

/** @typedef {typeof en} Words */

/** @type {Readonly<Record<string, Words>>} */
const languages = { en, fr }

export const language = signal(firstLanguage())

/** All that is said on these pages, in the reader's language. */
export const words = computed(() => /** @type {Words} */ (languages[language.value] ?? en))

/** @param {string} wanted */
export function speak(wanted) {
  language.value = wanted
  keepHere('language', wanted)
}

function firstLanguage() {
  const wanted = [recall('language'), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())]
  return wanted.find((tag) => typeof tag === 'string' && Object.hasOwn(languages, tag)) ?? 'en'
}
