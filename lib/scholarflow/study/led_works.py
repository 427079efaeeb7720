"""Table led_works: field works once for each country that leads them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def led_works(field_works: DataFrame) -> DataFrame:
    """One row per work and lead country; works whose lead country is unknown have none."""
    leads = F.arrays_zip(
        F.col("lead_countries").alias("country_code"), F.col("lead_institution_ids").alias("institution_id")
    )
    return field_works.select(
        "work_id",
        F.explode(leads).alias("lead"),
        "pub_year",
        "n_authors",
        "partner_countries",
        (F.size("lead_countries") > 1).alias("is_dual"),
    ).select(
        "work_id",
        F.col("lead.country_code").alias("lead_country"),
        "pub_year",
        "n_authors",
        F.col("lead.institution_id").alias("lead_institution_id"),
        "partner_countries",
        "is_dual",
    )
