import { expect, test } from 'vitest'
import { zip } from '../../support/write-zip.ts'
import { cellsOf } from './whole-workbook.ts'

/**
 * Parts in the forms in which programs write them: prefixes, order and names of parts, shared or inline texts, what stands
 * beside. Each has the same people.
 */
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
const types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

const rels = (...relations: readonly [id: string, type: string, target: string][]) =>
  `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

const shared = `<sst xmlns="${main}" count="5" uniqueCount="5"><si><t>Name</t></si><si><t>Phone</t></si><si><t>Born</t></si><si><t>Jane Smith</t></si><si><r><rPr><sz val="11"/></rPr><t xml:space="preserve">Joe </t></r><r><t>Doe</t></r></si></sst>`
const sharedRows =
  '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="2" spans="1:3" x14ac:dyDescent="0.25"><c r="A2" t="s"><v>3</v></c><c r="B2"><v>436641234567</v></c><c r="C2" s="1"><v>33999</v></c></row><row r="3" spans="1:3" x14ac:dyDescent="0.25"><c r="A3" t="s"><v>4</v></c><c r="B3"><v>4.3664123456799999E+11</v></c><c r="C3" s="1"/></row>'

const programs: Record<string, Record<string, string>> = {
  Excel: {
    '[Content_Types].xml': types,
    '_rels/.rels': rels(
      ['rId3', `${office}/extended-properties`, 'docProps/app.xml'],
      ['rId1', `${office}/officeDocument`, 'xl/workbook.xml'],
    ),
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15"><fileVersion appName="xl"/><workbookPr defaultThemeVersion="166925"/><mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\" xmlns:x15ac="x"/></mc:Choice></mc:AlternateContent><bookViews><workbookView/></bookViews><sheets><sheet name="Tabelle1" sheetId="1" r:id="rId1"/></sheets><calcPr calcId="191029"/></workbook>`,
    'xl/_rels/workbook.xml.rels': rels(
      ['rId3', `${office}/styles`, 'styles.xml'],
      ['rId2', `${office}/theme`, 'theme/theme1.xml'],
      ['rId1', `${office}/worksheet`, 'worksheets/sheet1.xml'],
      ['rId4', `${office}/sharedStrings`, 'sharedStrings.xml'],
    ),
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}" xmlns:x14ac="y"><dimension ref="A1:C3"/><sheetViews><sheetView workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="10"/></cols><sheetData>${sharedRows}</sheetData><conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1=1</formula></cfRule></conditionalFormatting><pageMargins left="0.7"/><extLst><ext><x14:f xmlns:x14="z">A1</x14:f></ext></extLst></worksheet>`,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs><dxfs><dxf><numFmt numFmtId="14" formatCode="0"/></dxf></dxfs></styleSheet>`,
    'xl/sharedStrings.xml': head + shared,
  },
  'Excel, strict': {
    '[Content_Types].xml': types,
    '_rels/.rels': rels(['rId1', `${strict}/officeDocument`, 'xl/workbook.xml']),
    'xl/workbook.xml': `${head}<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="${strict}" conformance="strict"><workbookPr/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': rels(['rId1', `${strict}/worksheet`, 'worksheets/sheet1.xml']),
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Phone</t></is></c><c r="C1" t="inlineStr"><is><t>Born</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Jane Smith</t></is></c><c r="B2"><v>436641234567</v></c><c r="C2" t="d"><v>1993-01-30</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Joe Doe</t></is></c><c r="B3"><v>436641234568</v></c></row></sheetData></worksheet>`,
  },
  LibreOffice: {
    '_rels/.rels': rels(['rId1', `${office}/officeDocument`, 'xl/workbook.xml']),
    'xl/_rels/workbook.xml.rels': rels(
      ['rId1', `${office}/styles`, 'styles.xml'],
      ['rId2', `${office}/worksheet`, 'worksheets/sheet1.xml'],
      ['rId3', `${office}/sharedStrings`, 'sharedStrings.xml'],
    ),
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><fileVersion appName="Calc"/><workbookPr backupFile="false" showObjects="all" date1904="false"/><sheets><sheet name="Sheet1" sheetId="1" state="visible" r:id="rId2"/></sheets><calcPr iterateCount="100"/></workbook>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetPr filterMode="false"/><sheetData>${sharedRows
      .replaceAll(/ spans="1:3" x14ac:dyDescent="0.25"/g, ' customFormat="false" ht="12.8" hidden="false"')
      .replaceAll('<c r="B2">', '<c r="B2" s="0" t="n">')
      .replace('s="1"><v>', 's="1" t="n"><f aca="false">DATE(1993,1,30)</f><v>')}</sheetData></worksheet>`,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="General"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs count="2"><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': head + shared.replaceAll('<t>', '<t xml:space="preserve">'),
    '[Content_Types].xml': types,
  },
  'Google Sheets': {
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}" xmlns:r="${office}"><sheetPr><outlinePr summaryBelow="0"/></sheetPr><sheetFormatPr customHeight="1" defaultRowHeight="15.75"/><sheetData>${sharedRows
      .replaceAll(/ spans="1:3" x14ac:dyDescent="0.25"/g, '')
      .replaceAll('<v>436641234567</v>', '<v>4.36641234567E11</v>')
      .replace('<v>4.3664123456799999E+11</v>', '<v>4.36641234568E11</v>')
      .replace('<v>33999</v>', '<v>33999.0</v>')}</sheetData><drawing r:id="rId1"/></worksheet>`,
    'xl/sharedStrings.xml': head + shared,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="M/d/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr/><sheets><sheet state="visible" name="Sheet1" sheetId="1" r:id="rId4"/></sheets><definedNames/><calcPr/></workbook>`,
    'xl/_rels/workbook.xml.rels': rels(
      ['rId2', `${office}/styles`, 'styles.xml'],
      ['rId3', `${office}/sharedStrings`, 'sharedStrings.xml'],
      ['rId4', `${office}/worksheet`, 'worksheets/sheet1.xml'],
    ),
    '_rels/.rels': rels(['rId1', `${office}/officeDocument`, 'xl/workbook.xml']),
    '[Content_Types].xml': types,
  },
  openpyxl: {
    'docProps/app.xml': '<Properties/>',
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetPr><outlinePr summaryBelow="1" summaryRight="1"/></sheetPr><sheetData>${sharedRows
      .replaceAll(/ spans="1:3" x14ac:dyDescent="0.25"/g, '')
      .replaceAll('<c r="B2">', '<c r="B2" t="n">')
      .replace('<v>4.3664123456799999E+11</v>', '<v>436641234568</v>')}</sheetData></worksheet>`,
    'xl/sharedStrings.xml': shared,
    '_rels/.rels': rels(['rId1', `${office}/officeDocument`, 'xl/workbook.xml']),
    'xl/workbook.xml': `<workbook xmlns="${main}"><workbookPr/><sheets><sheet xmlns:r="${office}" name="Sheet" sheetId="1" state="visible" r:id="rId1"/></sheets></workbook>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/_rels/workbook.xml.rels': rels(
      ['rId1', `${office}/worksheet`, '/xl/worksheets/sheet1.xml'],
      ['rId2', `${office}/sharedStrings`, '/xl/sharedStrings.xml'],
      ['rId3', `${office}/styles`, '/xl/styles.xml'],
    ),
    '[Content_Types].xml': types,
  },
  'Apache POI, streaming': {
    '[Content_Types].xml': types,
    '_rels/.rels': rels(['rId1', `${office}/officeDocument`, 'xl/workbook.xml']),
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="true"/></cellXfs></styleSheet>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="false"/><sheets><sheet name="Sheet0" r:id="rId3" sheetId="1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': rels(
      ['rId1', `${office}/sharedStrings`, 'sharedStrings.xml'],
      ['rId2', `${office}/styles`, 'styles.xml'],
      ['rId3', `${office}/worksheet`, 'worksheets/sheet1.xml'],
    ),
    'xl/sharedStrings.xml': `${head}<sst count="0" uniqueCount="0" xmlns="${main}"/>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetData>\n<row r="1">\n<c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Phone</t></is></c><c r="C1" t="inlineStr"><is><t>Born</t></is></c></row>\n<row r="2">\n<c r="A2" t="inlineStr"><is><t>Jane Smith</t></is></c><c r="B2" t="n"><v>4.36641234567E11</v></c><c r="C2" s="1" t="n"><v>33999.0</v></c></row>\n<row r="3">\n<c r="A3" t="inlineStr"><is><t>Joe Doe</t></is></c><c r="B3" t="n"><v>4.36641234568E11</v></c></row>\n</sheetData></worksheet>`,
  },
  'Open XML SDK, with prefixes': {
    'xl/workbook.xml': `${head}<x:workbook xmlns:x="${main}" xmlns:rel="${office}"><x:sheets><x:sheet name="mySheet" sheetId="1" rel:id="R1"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': rels(['R1', `${office}/worksheet`, '/xl/worksheets/Sheet1.xml']),
    'xl/worksheets/sheet1.xml': `\ufeff<x:worksheet xmlns:x="${main}"><x:sheetData><x:row><x:c t="str"><x:v>Name</x:v></x:c><x:c t="str"><x:v>Phone</x:v></x:c><x:c t="str"><x:v>Born</x:v></x:c></x:row><x:row><x:c t="str"><x:v>Jane Smith</x:v></x:c><x:c><x:v>436641234567</x:v></x:c><x:c t="d"><x:v>1993-01-30T00:00:00.000</x:v></x:c></x:row><x:row><x:c t="str"><x:v>Joe Doe</x:v></x:c><x:c><x:v>436641234568</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
    '_rels/.rels': rels(['R0', `${office}/officeDocument`, '/xl/workbook.xml']),
    '[Content_Types].xml': types,
  },
}

test.each(Object.entries(programs))('%s', async (_, parts) => {
  const bytes = zip(Object.entries(parts).map(([name, content]) => ({ name, content })))
  expect(await cellsOf(bytes)).toEqual([
    ['Name', 'Phone', 'Born'],
    ['Jane Smith', '436641234567', '1993-01-30'],
    ['Joe Doe', '436641234568', ''],
  ])
})

test('parts with backslashes in their names, and in UTF-16, are read', async () => {
  const parts = Object.entries(programs.openpyxl as Record<string, string>)
  const bytes = zip(
    parts.map(([name, content]) => ({
      name: name.replaceAll('/', '\\'),
      content: name.includes('sheet1') ? Buffer.from(`\ufeff${content}`, 'utf16le') : content,
    })),
  )
  expect(await cellsOf(bytes)).toHaveLength(3)
})
