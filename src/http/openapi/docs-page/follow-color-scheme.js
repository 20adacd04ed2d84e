// Swagger UI's dark mode is a class on the page, and the switch for it is in a bar that this page does not have.
{
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
  dark.addEventListener('change', follow)
  follow()
}
