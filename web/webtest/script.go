package webtest

import (
	"strings"

	"murshid/assistant"
	"murshid/language"
	"murshid/retrieval"
)

// Sheets are two procedures in two languages, and one in French only.
func Sheets() []retrieval.Sheet {
	return []retrieval.Sheet{
		{No: 1, ID: "cnie-renouvellement", Lang: language.French, Title: "Carte nationale (CNIE) – renouvellement",
			Administration: "Direction générale de la Sûreté nationale", Theme: "CNIE", URL: "https://www.example.ma/cnie",
			Updated: "2026-11-22", Verified: "partly", Fee: "75 DH", Delay: "Environ 10 jours",
			Documents:  []string{"L'ancienne carte", "4 photos de moins de 6 mois"},
			Unverified: []retrieval.Field{retrieval.Delay}},
		{No: 2, ID: "cnie-renouvellement", Lang: language.Arabic, Title: "تجديد البطاقة الوطنية للتعريف الإلكترونية",
			Administration: "المديرية العامة للأمن الوطني", Theme: "البطاقة الوطنية", Updated: "2026-11-22", Fee: "75 درهما"},
		{No: 3, ID: "passeport", Lang: language.French, Title: "Passeport biométrique – adulte", Theme: "Passeport",
			URL: "https://www.example.ma/passeport", Updated: "2026-10-01", Fee: "500 DH"},
		{No: 4, ID: "passeport", Lang: language.Arabic, Title: "جواز السفر البيومتري للراشدين", Theme: "جواز السفر",
			URL: "https://www.example.ma/passeport", Updated: "2026-10-01", Fee: "500 درهم"},
		{No: 5, ID: "passeport-mineur", Lang: language.French, Title: "Passeport biométrique – mineur", Theme: "Passeport"},
	}
}

// Language is the language of the script's questions.
func Language(text string) language.Language {
	return language.Decider{}.Decide(text, "")
}

// Script answers the questions of the tests as the assistant would.
func Script(text string) assistant.Answer {
	a := assistant.Answer{Language: Language(text), Intent: assistant.IntentQuestion, Status: assistant.Answered,
		Confidence: .94, Aspects: []retrieval.Field{}, Parts: []string{}, Citations: []assistant.Citation{},
		Choices: []string{}}
	switch {
	case strings.Contains(text, "agent"), strings.Contains(text, "موظف"):
		a.Intent, a.Status = assistant.IntentAgent, assistant.HandedOff
		a.Text = pick(a.Language, "Votre conversation est transmise à un agent, qui vous répondra ici.",
			"تم تحويل محادثتكم إلى موظف سيجيبكم هنا.")
	case text == "passeport", text == "جواز السفر":
		a.Status, a.Choices = assistant.Clarification, []string{"passeport", "passeport-mineur"}
		a.Text = pick(a.Language, "De quelle démarche parlez-vous ?\n1. Passeport biométrique – adulte\n2. Passeport biométrique – mineur",
			"أي إجراء تقصدون؟\n1. جواز السفر البيومتري للراشدين\n2. Passeport biométrique – mineur")
	default:
		a.Procedure, a.Aspects = "cnie-renouvellement", []retrieval.Field{retrieval.Documents}
		a.Text = answers[a.Language]
		lang := a.Language.SheetLanguage()
		a.Citations = []assistant.Citation{
			{Procedure: a.Procedure, Lang: lang, Section: "documents", URL: "https://www.example.ma/cnie",
				Quote: pick(a.Language, "L'ancienne carte ; 4 photos de moins de 6 mois", "البطاقة القديمة ؛ 4 صور")},
			{Procedure: a.Procedure, Lang: lang, Section: "fee", URL: "https://www.example.ma/cnie",
				Quote: pick(a.Language, "75 DH", "75 درهما")}}
		a.Notice = pick(a.Language, "Vos messages sont conservés 90 jours pour vous répondre (loi 09-08). Vous pouvez demander à les voir ou à les effacer.",
			"تحفظ رسائلكم 90 يوما للإجابة عنها (القانون 08-09). يمكنكم طلب الاطلاع عليها أو حذفها.")
	}
	return a
}

func pick(l language.Language, french, arabic string) string {
	if l.RightToLeft() {
		return arabic
	}
	return french
}

var answers = map[language.Language]string{
	language.French: "Carte nationale (CNIE) – renouvellement\nDocuments à fournir :\n- L'ancienne carte\n" +
		"- 4 photos de moins de 6 mois\n- Un certificat de résidence de moins de 3 mois\nFrais : 75 DH\n" +
		"Délai (à confirmer) : environ 10 jours\nEn ligne : https://www.example.ma/rendez-vous\n" +
		"Texte : loi 04-20, décret 2-20-521\nSource : example.ma – carte nationale, 2026-02\n" +
		"Informations à confirmer auprès de l'administration.",
	language.Arabic: "تجديد البطاقة الوطنية للتعريف الإلكترونية\nالوثائق المطلوبة:\n- البطاقة القديمة\n" +
		"- 4 صور لا تتجاوز 6 أشهر\n- شهادة السكنى لأقل من 3 أشهر\nالمصاريف: 75 درهما\n" +
		"المدة (للتأكيد): حوالي 10 أيام\nعلى الأنترنت: https://www.example.ma/rendez-vous\n" +
		"النص القانوني: القانون 04-20 والمرسوم 2-20-521، الهاتف 080 200 37 37 أو CNIE.ma\n" +
		"Direction générale de la Sûreté nationale (المديرية العامة للأمن الوطني)\n" +
		"معلومات للتأكيد لدى الإدارة.",
	language.Darija: "تجديد البطاقة الوطنية\nالوراق اللي خاصين:\n- لاكارط القديمة\n- 4 تصاور\nالثمن: 75 درهم\n" +
		"شحال كيتعطل: شي 10 أيام\nالقانون 04-20",
	language.Arabizi: "Carte nationale (CNIE) – renouvellement\nLwraq li khassin :\n- L'ancienne carte\n- 4 photos\n" +
		"Taman : 75 DH\nCh7al kayt3ettel : 10 jours",
	language.English: "This service answers in French, Arabic and Darija.\nFrais : 75 DH",
}
