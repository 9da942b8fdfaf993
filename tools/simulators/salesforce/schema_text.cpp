// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/schema_text.h"

namespace concordat::simulators::salesforce {

// Object reference, API v66.0. C createable, U updateable, N nillable, D defaulted on create,
// R restricted picklist, I idLookup, A autonumber, * required; of our own: X external id, Q unique.
const std::vector<ObjectText> kObjectTexts = {
    {"Account", "001",
     "Name*:string[CU]; Phone:phone[CUN]; BillingCity:string[CUN]; "
     "BillingCountry:string[CUN]; OwnerId:reference[CUD]->User; "
     "IsPersonAccount:boolean[D]; MasterRecordId:reference[N]->Account;"},
    {"User", "005", "Username:string[]; Name:string[]; Email:email[]; IsActive:boolean[D];"},
    {"Organization", "00D",
     "Name:string[]; InstanceName:string[]; IsSandbox:boolean[]; "
     "OrganizationType:picklist[];"},
    {"Opportunity", "006",
     "Name*:string[CU]; AccountId:reference[CUN]->Account; StageName*:picklist[CU]; "
     "CloseDate*:date[CU]; OwnerId:reference[CUD]->User;"},
    {"Contact", "003",
     "AccountId:reference[CUN]->Account; DoNotCall:boolean[CUD]; Email:email[CUNI]; "
     "EmailBouncedDate:dateTime[CUN]; EmailBouncedReason:string[CUN]; Fax:phone[CUN]; "
     "FirstName:string[CUN]; HasOptedOutOfEmail:boolean[CUD]; "
     "HasOptedOutOfFax:boolean[CUD]; HomePhone:phone[CUN]; "
     "IndividualId:reference[CUN]->Individual; IsDeleted:boolean[D]; "
     "IsEmailBounced:boolean[D]; IsPersonAccount:boolean[D]; LastName*:string[CU]; "
     "LeadSource:picklist[CUN]; MailingAddress:address[N]; MailingCountry:string[CUN]; "
     "MasterRecordId:reference[N]->Contact; MobilePhone:phone[CUN]; Name:string; "
     "OtherPhone:phone[CUN]; OwnerId:reference[CUD]->User; Phone:phone[CUN]; "
     "Salutation:picklist[CUN]; MailingStreet:textarea[CUN]; MailingCity:string[CUN]; "
     "MailingPostalCode:string[CUN]; Title:string[CUN]; Description:textarea[CUN]; "
     "External_Id__c:string[CUNIXQ]; Legacy_Id__c:string[CUNIX];"},
    {"Lead", "00Q",
     "Company*:string[CUN]; ConvertedAccountId:reference[CN]->Account; "
     "ConvertedContactId:reference[CN]->Contact; ConvertedDate:date[CN]; "
     "ConvertedOpportunityId:reference[CN]->Opportunity; Country:string[CUN]; "
     "Email:email[CUNI]; EmailBouncedDate:dateTime[UN]; EmailBouncedReason:string[UN]; "
     "Fax:phone[CUN]; FirstName:string[CUN]; HasOptedOutOfEmail:boolean[CUD]; "
     "HasOptedOutOfFax:boolean[CUD]; IndividualId:reference[CUN]->Individual; "
     "IsConverted:boolean[CD]; IsDeleted:boolean[D]; LastName*:string[CU]; "
     "LeadSource:picklist[CUN]; MasterRecordId:reference[N]->Lead; "
     "MobilePhone:phone[CUN]; Name:string; OwnerId:reference[CUD]->Group/User; "
     "Phone:phone[CUN]; Salutation:picklist[CUN]; Status:picklist[CUD]; "
     "DoNotCall:boolean[CUD]; Street:textarea[CUN]; City:string[CUN]; "
     "PostalCode:string[CUN]; Title:string[CUN]; Description:textarea[CUN]; "
     "External_Id__c:string[CUNIXQ]; Legacy_Id__c:string[CUNIX];"},
    {"Individual", "0PK",
     "BirthDate:date[CUN]; CanStorePiiElsewhere:boolean[CUD]; ChildrenCount:int[CUN]; "
     "ConsumerCreditScore:int[CUN]; ConsumerCreditScoreProviderName:string[CUN]; "
     "ConvictionsCount:int[CUN]; DeathDate:date[CUN]; FirstName:string[CUN]; "
     "HasOptedOutGeoTracking:boolean[CUD]; HasOptedOutProcessing:boolean[CUD]; "
     "HasOptedOutProfiling:boolean[CUD]; HasOptedOutSolicit:boolean[CUD]; "
     "HasOptedOutTracking:boolean[CUD]; HasPrivacyHold:boolean[CUD]; "
     "IndividualsAge:picklist[CUN]; InfluencerRating:int[CUN]; IsHomeOwner:boolean[CUD]; "
     "LastName*:string[CU]; LastViewedDate:dateTime[N]; "
     "MasterRecordId:reference[N]->Individual; MilitaryService:picklist[CUN]; "
     "Name:string; Occupation:string[CUN]; OwnerId:reference[CUD]->User; "
     "Salutation:picklist[CUN]; SendIndividualData:boolean[CUD]; "
     "ShouldForget:boolean[CUD]; Website:url[CUN]; External_Id__c:string[CUNIXQ];"},
    {"ContactPointTypeConsent", "0ZY",
     "BusinessBrandId:reference[CUN]->BusinessBrand; "
     "CaptureContactPointType*:picklist[CUNR]; CaptureDate*:dateTime[CUN]; "
     "CaptureSource*:string[CUN]; ContactPointType*:picklist[CUNR]; "
     "DataUsePurposeId:reference[CUN]->DataUsePurpose; "
     "DoubleConsentCaptureDate:dateTime[CUN]; EffectiveFrom:dateTime[CUN]; "
     "EffectiveTo:dateTime[CUN]; "
     "EngagementChannelType:picklist[CUNR]->EngagementChannelType; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User; PartyId*:reference[CU]->Individual; "
     "PartyRoleId:reference[CUN]->Customer/Seller; PrivacyConsentStatus*:picklist[CUDR]; "
     "External_Id__c:string[CUNIXQ];"},
    {"ContactPointConsent", "0ZX",
     "BusinessBrandId:reference[CUN]->BusinessBrand; "
     "CaptureContactPointType*:picklist[CUNR]; CaptureDate*:dateTime[CUN]; "
     "CaptureSource*:string[CUN]; "
     "ContactPointId:reference[CU]->ContactPointAddress/ContactPointEmail/ContactPointPhone; "
     "DataUsePurposeId:reference[CUN]->DataUsePurpose; "
     "DoubleConsentCaptureDate:dateTime[CUN]; EffectiveFrom:dateTime[CUN]; "
     "EffectiveTo:dateTime[CUN]; EngagementChannelTypeId:reference[CUN]; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User; PartyRoleId:reference[CUN]->Customer/Seller; "
     "PrivacyConsentStatus*:picklist[CUDR];"},
    {"ContactPointEmail", "0Y1",
     "ActiveFromDate:date[CUN]; ActiveToDate:date[CUN]; "
     "BestTimeToContactEndTime:time[CUN]; BestTimeToContactStartTime:time[CUN]; "
     "BestTimeToContactTimezone:picklist[CUNR]; EmailAddress*:email[CU]; "
     "EmailDomain:string[CUN]; EmailLatestBounceDateTime:dateTime[CUN]; "
     "EmailLatestBounceReasonText:string[CUN]; EmailMailBox:string[CUN]; "
     "IsPrimary:boolean[CUD]; LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; "
     "Name*:string[NI]; OwnerId:reference[CUD]->Group/User; "
     "ParentId:reference[CUN]->Account/Individual; UsageType:picklist[CUN];"},
    {"ContactPointPhone", "0Y2",
     "ActiveFromDate:date[CUN]; ActiveToDate:date[CUN]; AreaCode:string[CUN]; "
     "BestTimeToContactEndTime:time[CUN]; BestTimeToContactStartTime:time[CUN]; "
     "BestTimeToContactTimezone:picklist[CUNR]; ExtensionNumber:string[CUN]; "
     "FormattedInternationalPhoneNumber:string[CUN]; "
     "FormattedNationalPhoneNumber:string[CUN]; IsBusinessPhone:boolean[CUD]; "
     "IsFaxCapable:boolean[CUD]; IsPersonalPhone:boolean[CUD]; IsPrimary:boolean[CUD]; "
     "IsSmsCapable:boolean[CUD]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name*:string[NI]; OwnerId:reference[CUD]->Group/User; "
     "ParentId:reference[CUN]->Account/Individual; PhoneType:picklist[CUNR]; "
     "PreferenceRank:int[CUN]; TelephoneNumber*:phone[CU]; UsageType:picklist[CUN];"},
    {"DataUsePurpose", "0ZW",
     "CanDataSubjectOptOut*:boolean[CUD]; Description:string[CUN]; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; "
     "LegalBasisId:reference[CUN]->DataUseLegalBasis; Name*:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User; PurposeId:reference[CUN]->Asset;"},
    {"DataUseLegalBasis", "0ZV",
     "Description:string[CUN]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name:string[CUI]; OwnerId:reference[CUD]->Group/User; "
     "Source:string[CUN];"},
    {"AuthorizationForm", "0cI",
     "DefaultAuthFormTextId*:reference[CUN]->AuthorizationFormText; "
     "EffectiveFromDate:date[CUN]; EffectiveToDate:date[CUN]; "
     "IsSignatureRequired:boolean[CUD]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name*:string[CUI]; OwnerId:reference[CUD]->Group/User; "
     "RevisionNumber:string[CUN];"},
    {"AuthorizationFormText", "0cJ",
     "AuthorizationFormId*:reference[C]->AuthorizationForm; "
     "ContentDocumentId:reference[CUN]->ContentDocument; "
     "DetailAuthorizationFormText:textarea[CUN]; FullAuthorizationFormUrl:string[CUN]; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Locale:picklist[CUNR]; "
     "LocaleSelection:picklist[CUNR]; Name*:string[CUI]; SummaryAuthFormText:string[CUN];"},
    {"AuthorizationFormConsent", "0cK",
     "AuthorizationFormTextId*:reference[CU]->AuthorizationFormText; "
     "ConsentCapturedDateTime*:dateTime[CUN]; ConsentCapturedSource*:string[CU]; "
     "ConsentCapturedSourceType*:picklist[CUNR]; "
     "ConsentGiverId*:reference[CU]->Account/CareProgramEnrollee/Contact/Individual/User; "
     "DocumentVersionId:reference[CUN]->ContentVersion; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name*:string[CUI]; OwnerId*:reference[CUD]->Group/User; "
     "RelatedRecordId:reference[CUN]->Account/Visit; Status:picklist[CUNR]; "
     "PartyId:reference[C];"},
    {"AuthorizationFormDataUse", "0cL",
     "AuthorizationFormId*:reference[CU]->AuthorizationForm; "
     "DataUsePurposeId*:reference[CU]->DataUsePurpose; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name*:string[CUI]; OwnerId:reference[CUD]->Group/User;"},
    {"CommSubscription", "0XH",
     "DataUsePurposeId:reference[CUN]; IsDefault:boolean[CUD]; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name*:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User;"},
    {"CommSubscriptionChannelType", "0eB",
     "CommunicationSubscriptionId:reference[CU]->CommSubscription; "
     "EngagementChannelTypeId:reference[CU]->EngagementChannelType; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; "
     "MessagingChannelUsageId:reference->MessagingChannelUsage; Name*:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User;"},
    {"CommSubscriptionConsent", "0dX",
     "BusinessBrandId:reference[CUN]->BusinessBrand; "
     "CommSubscriptionChannelTypeId:reference[CU]->CommSubscriptionChannelType; "
     "ConsentCapturedDateTime*:dateTime[CUN]; ConsentCapturedSource*:string[CUN]; "
     "ConsentGiverId:reference[CUN]->Account/Contact/Individual/User; "
     "ContactPointId:reference[CU]->ContactPointAddress/ContactPointEmail/ContactPointPhone; "
     "DataUsePurposeId:reference[CUN]->DataUsePurpose; EffectiveFromDate*:date[CU]; "
     "EffectiveToDate:date[CUN]; "
     "EngagementChannelTypeId:reference[CUN]->EngagementChannelType; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name*:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User; PartyId:reference[N]->Individual; "
     "PartyRoleId:reference[CUN]->Customer/Seller; PrivacyConsentStatus:picklist[CUDR];"},
    {"CommSubscriptionTiming", "0dY",
     "CommSubscriptionConsentId*:reference[C]->CommSubscriptionConsent; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name*:string[DIA]; "
     "Offset:double[CUN]; PreferredTimeEnd:time[CUN]; PreferredTimeStart:time[CUN]; "
     "PreferredTimeZone:picklist[CUNR]; Unit:picklist[CUR];"},
    {"EngagementChannelType", "0eF",
     "ContactPointType:picklist[CUNDR]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name*:string[CUI]; OwnerId:reference[CUD]->Group/User;"},
    {"PartyConsent", "0PM",
     "Action:picklist[CUDR]; CaptureContactPointType*:picklist[CUNR]; "
     "CaptureDate*:dateTime[CUN]; CaptureSource*:string[CUN]; "
     "LastReferencedDate:dateTime[N]; LastViewedDate:dateTime[N]; Name:string[CUI]; "
     "OwnerId:reference[CUD]->Group/User; PartyId*:reference[CU]->Individual; "
     "PrivacyConsentStatus*:picklist[CUDR];"},
    {"PrivacyRequest", "0Q1",
     "CompletedDateTime:dateTime[CUN]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name:string[CUI]; OwnerId:reference[CUD]->Group/User; "
     "RelatedRecord:string[CUN]; StartedDateTime:dateTime[CUN]; Status:picklist[CUN]; "
     "TargetRecord:string[CUN]; Type:picklist[CUN];"},
    {"PrivacyRTBFRequest", "0Q2",
     "Description:string[CUN]; JobRecord:string[CU]; LastReferencedDate:dateTime[N]; "
     "LastViewedDate:dateTime[N]; Name:string[DIA]; OwnerId:reference[CUD]->Group/User; "
     "PolicyNameId:reference[CUN]->PrivacyPolicyDefinition; Status:picklist[CUNR];"},
};

}  // namespace concordat::simulators::salesforce
