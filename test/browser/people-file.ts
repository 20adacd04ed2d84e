/** A file as a Dutch shop exports it: a header in Dutch, two columns of numbers, and of `rows` people `bad` who cannot get in. */
export function dutchFile(rows: number, bad: number) {
  const every = Math.floor(rows / bad)
  const lines = ['Voornaam;Achternaam;E-mailadres;Mobiel nummer;Telefoon;Plaats']
  for (let row = 0; row < rows; row++) {
    const isBad = row % every === 0 && row / every < bad
    const mobile = isBad ? '12345' : `+316${String(10_000_000 + row)}`
    const phone = !isBad && row % 3 === 1 ? '+31201234567' : ''
    const first = row === 0 ? '<script>alert("x")</script>' : `Jan${row}`
    lines.push(`${first};de Vries;jan${row}@voorbeeld.nl;${mobile};${phone};Utrecht`)
  }
  return { name: 'klanten.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\r\n')}\r\n`) }
}
