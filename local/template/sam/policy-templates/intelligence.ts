/** SAM policy templates for Rekognition, Comprehend and Textract. */
import type { PolicyTemplates } from "./template.ts";

export const INTELLIGENCE: PolicyTemplates = {
  ComprehendBasicAccessPolicy: [
    {
      actions: [
        "comprehend:BatchDetectKeyPhrases",
        "comprehend:DetectDominantLanguage",
        "comprehend:DetectEntities",
        "comprehend:BatchDetectEntities",
        "comprehend:DetectKeyPhrases",
        "comprehend:DetectSentiment",
        "comprehend:BatchDetectDominantLanguage",
        "comprehend:BatchDetectSentiment",
      ],
      resources: ["*"],
    },
  ],
  RekognitionDetectOnlyPolicy: [
    {
      actions: [
        "rekognition:DetectFaces",
        "rekognition:DetectLabels",
        "rekognition:DetectModerationLabels",
        "rekognition:DetectText",
      ],
      resources: ["*"],
    },
  ],
  RekognitionFacesManagementPolicy: [
    {
      actions: [
        "rekognition:IndexFaces",
        "rekognition:DeleteFaces",
        "rekognition:SearchFaces",
        "rekognition:SearchFacesByImage",
        "rekognition:ListFaces",
      ],
      resources: ["rekognition:@:collection/${collectionId}"],
    },
  ],
  RekognitionFacesPolicy: [{ actions: ["rekognition:CompareFaces", "rekognition:DetectFaces"], resources: ["*"] }],
  RekognitionLabelsPolicy: [
    { actions: ["rekognition:DetectLabels", "rekognition:DetectModerationLabels"], resources: ["*"] },
  ],
  RekognitionNoDataAccessPolicy: [
    {
      actions: [
        "rekognition:CompareFaces",
        "rekognition:DetectFaces",
        "rekognition:DetectLabels",
        "rekognition:DetectModerationLabels",
      ],
      resources: ["rekognition:@:collection/${collectionId}"],
    },
  ],
  RekognitionReadPolicy: [
    {
      actions: [
        "rekognition:ListCollections",
        "rekognition:ListFaces",
        "rekognition:SearchFaces",
        "rekognition:SearchFacesByImage",
      ],
      resources: ["rekognition:@:collection/${collectionId}"],
    },
  ],
  RekognitionWriteOnlyAccessPolicy: [
    {
      actions: ["rekognition:CreateCollection", "rekognition:IndexFaces"],
      resources: ["rekognition:@:collection/${collectionId}"],
    },
  ],
  TextractDetectAnalyzePolicy: [
    {
      actions: [
        "textract:DetectDocumentText",
        "textract:StartDocumentTextDetection",
        "textract:StartDocumentAnalysis",
        "textract:AnalyzeDocument",
      ],
      resources: ["*"],
    },
  ],
  TextractGetResultPolicy: [
    { actions: ["textract:GetDocumentTextDetection", "textract:GetDocumentAnalysis"], resources: ["*"] },
  ],
  TextractPolicy: [{ actions: ["textract:*"], resources: ["*"] }],
};
