local args = manifest {
  summary = "write the whole catalogue as a site: a page a code, pairs, providers, with a search that needs no server",
  arguments = {{name = "folder", help = "where to write it: a new folder, an empty one, or one that holds such a site"}},
  options = {
    {name = "pair", value = "A,B", many = true, help = "a page for these two codes as well (211,521); may be repeated"},
    {name = "title", value = "TEXT", help = "the name of the site (SMTP codes)"},
    {name = "force", help = "write into a folder that holds other files too; none of them is removed"},
  },
  examples = {"ehlo site /var/www/smtp", "ehlo site --pair 211,521 --pair 250,354 smtp-codes",
    "ehlo site --title 'Mail codes at Example' smtp-codes"},
}

return require("ehlo.site").command(args)
