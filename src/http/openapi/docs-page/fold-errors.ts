// biome-ignore lint/suspicious/noExplicitAny: React and the components of Swagger UI, which come without types
type Untyped = any
type ResponseProps = { readonly code: string; readonly response: { get(member: 'description'): string } }

/**
 * A plugin of Swagger UI: of each error one line is shown, its status and what kinds of problem it can be, and the rest when
 * somebody presses it; so too the headers of an answer and where it leads. All of it would otherwise stand around the one
 * answer that somebody looks for, a dozen times.
 *
 * It is sent to the browser as its own source text, so it can use nothing from outside of it.
 */
export function foldErrors({ React }: Untyped) {
  const { createElement, Fragment, useState } = React
  const kindsIn = (description: string) =>
    [...description.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => createElement('code', { key: kind }, kind))
  const foldable = (Response: Untyped) =>
    function FoldableResponse(props: ResponseProps) {
      const [isOpen, setOpen] = useState(false)
      const { code, response } = props
      if (!/^[45]/.test(code)) return createElement(Response, props)
      const toggle = { type: 'button', 'aria-expanded': isOpen, onClick: () => setOpen(!isOpen) }
      const kinds = createElement('span', { className: 'error-kinds' }, kindsIn(response.get('description')))
      const line = createElement('button', toggle, createElement('span', { className: 'error-status' }, code), kinds)
      const row = createElement('tr', { className: 'folded-error' }, createElement('td', { colSpan: 3 }, line))
      return createElement(Fragment, null, row, isOpen && createElement(Response, props))
    }
  const folded = (titleOf: (props: Untyped) => string) => (Part: Untyped) => (props: object) =>
    createElement('details', null, createElement('summary', null, titleOf(props)), createElement(Part, props))
  const headers = folded(() => 'Headers')
  const operationLink = folded(({ name }) => name)
  return { wrapComponents: { response: foldable, headers, operationLink } }
}
