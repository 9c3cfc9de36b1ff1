package assistant

import "regexp"

// personal are the forms of personal data that are masked before a text is worked on (formats of Moroccan numbers:
// national numbering plan of the ANRT, CNIE, RIB; loi 09-08 calls all of them personal). The longer forms stand
// first, so that a bank number is not taken for a telephone.
var personal = []struct {
	form *regexp.Regexp
	mask string
}{
	{regexp.MustCompile(`(?i)\b[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}\b`), "[e-mail]"},
	{regexp.MustCompile(`(?i)\bMA\d{2}(?:[ -]?\d{4}){6}\b`), "[IBAN]"},
	{regexp.MustCompile(`\b\d{3}[ -]?\d{3}[ -]?\d{16}[ -]?\d{2}\b|\b\d{24}\b`), "[RIB]"},
	{regexp.MustCompile(`\b(?:\d{4}[ -]?){3}\d{4}\b`), "[code]"},
	{regexp.MustCompile(`(?:(?:\+|\b00)212[\s.-]?(?:\(0\))?|\b0)[5-8](?:[\s.-]?\d){8}\b`), "[phone]"},
	{regexp.MustCompile(`\b[A-Z]{2}\d{7}\b`), "[passport]"},
	{regexp.MustCompile(`(?i)\b[a-z]{1,2}\d{5,7}\b`), "[CIN]"},
	{regexp.MustCompile(`\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}\b`), "[date]"},
}

// Mask replaces personal data in a cleaned text by what kind of data it was: numbers of identity cards, passports,
// telephones, banks, e-mail addresses and dates. Postal numbers (UPU S10) stay: they name a parcel.
func Mask(text string) string {
	for _, p := range personal {
		text = p.form.ReplaceAllString(text, p.mask)
	}
	return text
}
