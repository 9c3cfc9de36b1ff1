package assistant

import (
	"murshid/language"
	"murshid/retrieval"
)

// Intent is what a person wants of the administration or of us. The values are those of the public contract.
type Intent string

// The intents.
const (
	IntentQuestion        Intent = "question"
	IntentOutOfScope      Intent = "out_of_scope"
	IntentAgent           Intent = "agent"
	IntentComplaint       Intent = "complaint"
	IntentComplaintStatus Intent = "complaint_status"
	IntentParcel          Intent = "parcel_tracking"
	IntentSuggestion      Intent = "suggestion"
	IntentGreeting        Intent = "greeting"
	IntentThanks          Intent = "thanks"
	IntentFeedback        Intent = "feedback"
	IntentHelp            Intent = "help"
	IntentStop            Intent = "stop"
	IntentPrivacy         Intent = "privacy"
	IntentAbuse           Intent = "abuse"
	IntentAttack          Intent = "attack"
)

// Status is how a turn ended. Every outcome is an answer with a status, failures included.
type Status string

// The statuses.
const (
	Answered           Status = "answered"
	Partial            Status = "partial"       // the sheet is known, the detail asked is not in it
	Clarification      Status = "clarification" // several procedures are equally likely
	NotInCorpus        Status = "not_in_corpus"
	OutOfScope         Status = "out_of_scope" // not about public administration in Morocco
	HandedOff          Status = "handed_off"
	ComplaintDraft     Status = "complaint_draft"
	ComplaintFiled     Status = "complaint_filed"
	ComplaintStatus    Status = "complaint_status"
	Tracked            Status = "tracking"
	SuggestionRecorded Status = "suggestion_recorded"
	SmallTalk          Status = "small_talk"
	Privacy            Status = "privacy"
	Refused            Status = "refused"
	Failed             Status = "error"
)

// Answer is the result of a turn. It carries its JSON names because the public contract fixes them for every
// channel.
type Answer struct {
	ID           string            `json:"id"`
	Conversation string            `json:"conversation"`
	Language     language.Language `json:"language"`
	Intent       Intent            `json:"intent"`
	Status       Status            `json:"status"`
	Confidence   float64           `json:"confidence"` // probability that procedure and text are right
	Procedure    string            `json:"procedure"`
	Aspects      []retrieval.Field `json:"aspects"`
	Text         string            `json:"text"`
	Parts        []string          `json:"parts"` // SMS segments
	Citations    []Citation        `json:"citations"`
	Choices      []string          `json:"choices"` // ids of the procedures offered
	Notice       string            `json:"notice"`  // privacy notice, first turn of a real conversation
	Complaint    *Complaint        `json:"complaint"`
	Tracking     *Tracking         `json:"tracking"`
	Ms           Timing            `json:"ms"`
}

// Citation names the place in a sheet that a statement comes from.
type Citation struct {
	Procedure string            `json:"procedure"`
	Lang      language.Language `json:"lang"`
	Section   string            `json:"section"` // field name or heading
	URL       string            `json:"url"`
	Quote     string            `json:"quote"` // words that stand in the sheet
}

// Complaint is the state of a complaint filed in the conversation.
type Complaint struct {
	Administration string `json:"administration"`
	Reference      string `json:"reference"`
}

// Tracking is a postal number found in the text (UPU S10).
type Tracking struct {
	Code  string `json:"code"`
	Valid bool   `json:"valid"` // the check digit is right
}

// Timing is how long the turn took, in milliseconds.
type Timing struct {
	Total  float64 `json:"total"`
	Embed  float64 `json:"embed"`
	Search float64 `json:"search"`
}

// emptied gives the answer its empty arrays: a key of the contract is never null where an array stands.
func (a Answer) emptied() Answer {
	if a.Aspects == nil {
		a.Aspects = []retrieval.Field{}
	}
	if a.Parts == nil {
		a.Parts = []string{}
	}
	if a.Citations == nil {
		a.Citations = []Citation{}
	}
	if a.Choices == nil {
		a.Choices = []string{}
	}
	return a
}
