import { useEffect, useState } from 'preact/hooks'

const narrow = matchMedia('(max-width: 640px)')

/** Whether the page is as narrow as a phone, where the tables of the style sheets are cards. */
export function useNarrow() {
  const [isNarrow, setNarrow] = useState(narrow.matches)
  useEffect(() => {
    const onChange = () => setNarrow(narrow.matches)
    narrow.addEventListener('change', onChange)
    return () => narrow.removeEventListener('change', onChange)
  }, [])
  return isNarrow
}
