"""What a record system tells of a patient, as HL7 FHIR R4 (4.0.1): only what is printed."""
