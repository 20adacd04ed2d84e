import { html } from 'htm/preact'
import { useEffect, useRef } from 'preact/hooks'
import { number } from '../format.js'
import { words } from '../words/words.js'

/**
 * Calls and failed calls of each minute as two small lines; in words for who does not see them. What draws them is loaded
 * when the first is shown.
 * @param {{ activity: import('./activity.js').Activity }} props
 */
export function ActivityLine({ activity }) {
  const { status } = words.value
  const place = useRef(/** @type {HTMLDivElement | null} */ (null))
  const plot = useRef(/** @type {import('uplot') | undefined} */ (undefined))
  const { minutes } = activity
  const callsInAll = minutes.reduce((sum, minute) => sum + minute.calls, 0)
  const failedInAll = minutes.reduce((sum, minute) => sum + minute.failed, 0)
  const data = /** @type {import('uplot').AlignedData} */ ([
    minutes.map(({ at }) => at / 1000),
    minutes.map(({ calls }) => calls),
    // A line along the bottom would look like something.
    minutes.map(({ failed }) => (failedInAll === 0 ? null : failed)),
  ])
  useEffect(() => {
    let isGone = false
    import('uplot').then(({ default: Plot }) => {
      if (isGone || place.current === null) return
      if (plot.current === undefined) plot.current = new Plot(optionsOf(place.current), data, place.current)
      else plot.current.setData(data)
    })
    return () => {
      isGone = true
    }
  }, [minutes])
  useEffect(() => {
    const draw = () => plot.current?.redraw()
    const fit = new ResizeObserver(() => {
      if (place.current !== null) plot.current?.setSize({ width: place.current.clientWidth, height: lineHeight })
    })
    if (place.current !== null) fit.observe(place.current)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      fit.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [])
  return html`<div ref=${place} class="line" role="img" aria-label=${status.lastHour(number(callsInAll), number(failedInAll))}></div>
    <p class="hint">${status.lastHour(number(callsInAll), number(failedInAll))}</p>`
}

const lineHeight = 56

/** @param {HTMLElement} place @returns {import('uplot').Options} */
function optionsOf(place) {
  // The colours of the page, as they are now: light or dark.
  const colour = (/** @type {'color' | 'borderTopColor'} */ name) => () => getComputedStyle(place)[name]
  return {
    width: place.clientWidth,
    height: lineHeight,
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max)] } },
    padding: [4, 2, 4, 2],
    series: [
      {},
      { stroke: colour('color'), width: 1.5, points: { show: false } },
      { stroke: colour('borderTopColor'), width: 1.5, points: { show: false } },
    ],
  }
}
