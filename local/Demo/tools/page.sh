# What every page of the demo begins with; a shell library, sourced by the page.
page_begin() {
  printf 'Content-Type: text/plain\r\n\r\n'
}
