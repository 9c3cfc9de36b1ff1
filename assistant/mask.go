package assistant

import "murshid/privacy"

// Mask replaces personal data in a text by what kind of data it was, in square brackets. What is public stays, such
// as postal numbers, laws, amounts and the numbers of administrations.
func Mask(text string) string { return privacy.Mask(text) }
