// Package page renders the pages of a server: HTML that works before any script runs, in German and English.
//
// Start with [Render], which fills one of the templates; [Page] is what every page has. Sentences stand in the catalogues
// under messages, one file per language, under the same keys; a test holds them complete. Scripts and styles are made from
// src by "make assets" (internal/bundle) and embedded; [Asset] serves them under names that hold their hash, so that
// nothing inline is needed.
//
// The package knows templates and languages, and nothing of HTTP, networks' rules or storage beyond what pages show.
package page
