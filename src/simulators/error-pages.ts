const page = (title: string, body: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>\n`

/** HTML where JSON belongs: from a proxy, a lost route, a login, a maintenance (assumed). */
export const errorPages = {
  welcome: page('Welcome', '<h1>It works!</h1>'),
  'not-found': page('404 Not Found', '<center><h1>404 Not Found</h1></center><hr><center>nginx</center>'),
  'bad-gateway': page('502 Bad Gateway', '<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>'),
  'too-large': page('413 Request Entity Too Large', '<center><h1>413 Request Entity Too Large</h1></center>'),
  login: page('Sign in', '<form action="/login" method="post"><input name="email"><input name="password"></form>'),
  maintenance: page('Maintenance', '<h1>We will be back soon!</h1><p>Nous revenons bientôt.</p>'),
  challenge: page('Just a moment...', '<noscript>Enable JavaScript and cookies to continue</noscript>'),
} as const
