import { describe, expect, it } from 'vitest'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import type { ColumnMapping } from '../../src/imports/columns/take-columns.ts'

function read(header: string, mapping?: ColumnMapping) {
  const match = matchHeader(header.split(';'), mapping)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  const targets = match.columns.mapped.map(({ name, target }) => `${name}=${target}`)
  return { targets: targets.filter((target) => !target.endsWith('=email')), warnings: match.warnings }
}

describe('a column that is called name', () => {
  it.each([
    ['Vorname;Name;E-Mail', ['Vorname=firstName', 'Name=lastName'], 'name_is_last_name', 'Name'],
    ['First name;NAME;Email', ['First name=firstName', 'NAME=lastName'], 'name_is_last_name', 'NAME'],
    ['Voornaam;Naam;E-mail', ['Voornaam=firstName', 'Naam=lastName'], 'name_is_last_name', 'Naam'],
    ['Name *;Vorname *;Mail', ['Name *=lastName', 'Vorname *=firstName'], 'name_is_last_name', 'Name *'],
    ['Primer nombre;Nombre;Correo', ['Primer nombre=firstName', 'Nombre=lastName'], 'name_is_last_name', 'Nombre'],
    ['Nome;Cognome;Email', ['Nome=firstName', 'Cognome=lastName'], 'name_is_first_name', 'Nome'],
    ['Имя;Фамилия;E-mail', ['Имя=firstName', 'Фамилия=lastName'], 'name_is_first_name', 'Имя'],
    ['Name;Surname;Email', ['Name=firstName', 'Surname=lastName'], 'name_is_first_name', 'Name'],
  ])('%s: is the other part, and that is told', (header, targets, code, column) => {
    const { warnings, ...told } = read(header)
    expect(told.targets).toEqual(targets)
    expect(warnings).toMatchObject([{ code, column, detail: expect.stringContaining('map it to name') }])
  })

  it.each([
    ['Name;Email', ['Name=name']],
    ['Nombre;Correo', ['Nombre=name']],
    ['Vorname;Nachname;Name;E-Mail', ['Vorname=firstName', 'Nachname=lastName', 'Name=name']],
    ['First name;Full name;Email', ['First name=firstName', 'Full name=name']],
    ['Prénom;Nom;Courriel', ['Prénom=firstName', 'Nom=lastName']],
    ['Nom;Courriel', ['Nom=lastName']],
  ])('%s: stays what it is', (header, targets) => {
    expect(read(header)).toEqual({ targets, warnings: [] })
  })

  it('is what the mapping says', () => {
    expect(read('Vorname;Name;E-Mail', { Name: 'name' })).toEqual({
      targets: ['Vorname=firstName', 'Name=name'],
      warnings: [],
    })
    expect(read('Rufname;Name;E-Mail', { Rufname: null }).targets).toEqual(['Name=name'])
    expect(read('A;Name;E-Mail', { A: 'firstName' }).targets).toEqual(['A=firstName', 'Name=lastName'])
  })
})
